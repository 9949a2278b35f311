"""deploy/helm: linted and rendered by Helm, its manifests checked against the schemas of Kubernetes."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from hub.environment import load
from hub.settings import PREFIX, SECRETS, Settings
from tests.deploy.fronts import DEPLOY
from tests.deploy.test_compose import NEEDED
from tests.support.programs import module
from tests.support.repository import ROOT

CHART = DEPLOY / "helm/location-hub"
VALUES = yaml.safe_load((CHART / "values.yaml").read_text())
VERSIONS = ["1.28", "1.34"]

EVERYTHING = {
    "image": {"repository": "registry.example/hub", "tag": "1"},
    "imagePullSecrets": [{"name": "registry"}],
    "settings": {"HUB_PUBLIC_URL": "https://hub.example", "HUB_RETENTION_MONTHS": 12, "HUB_LOG_LINGER": 0.005},
    "trustedProxies": "10.42.0.0/16",
    "migration": {"enabled": True},
    "service": {"annotations": {"a": "b"}},
    "ingress": {"enabled": True, "className": "nginx", "annotations": {"a": "b"}},
    "autoscaling": {"enabled": True, "connections": 8000},
    "networkPolicy": {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]},
    "monitoring": {"serviceMonitor": True, "prometheusRule": True, "labels": {"release": "prometheus"}},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "hubs", "operator": "Exists"}],
    "podAnnotations": {"a": "b"},
}
CASES = {"defaults": {}, "everything": EVERYTHING, "only by sockets": {
    "autoscaling": {"enabled": True, "cpuPercent": 0, "connections": 8000}, "networkPolicy": {"enabled": False},
    "secrets": {"HUB_CHANNEL_SECRET": None, "HUB_METRICS_TOKEN": None},
}}  # fmt: skip
OF_THE_OPERATOR = {"ServiceMonitor", "PrometheusRule"}


def helm() -> Any:
    return module("helm_python", NEEDED, "deploy")


def rendered(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Kind -> manifest, of a release ``demo``."""
    with helm().Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)
        files = chart.render(values, name="demo", namespace="prod")
    documents = [
        document
        for name, text in files.items()
        if name.endswith(".yaml")
        for document in yaml.safe_load_all(text)
        if document
    ]
    kinds = {document["kind"]: document for document in documents}
    assert len(kinds) == len(documents)
    return kinds


def hub(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pod of the hub, and its container."""
    pod = rendered(values)["Deployment"]["spec"]["template"]["spec"]
    (container,) = pod["containers"]
    return pod, container


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_helm_finds_no_fault(values: dict[str, Any]) -> None:
    found = helm().lint(str(CHART), values, strict=True)
    assert found["errors"] == []
    assert [message["error"] for message in found["messages"]] == ["icon is recommended"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_manifests_are_valid(values: dict[str, Any], version: str) -> None:
    validate = module("kubernetes_validate", NEEDED, "deploy").validate
    kinds = rendered(values)
    for kind, manifest in kinds.items():
        if kind not in OF_THE_OPERATOR:
            validate(manifest, version, strict=True)
    assert {"Deployment", "Service", "ConfigMap", "PodDisruptionBudget"} <= set(kinds)
    if values is EVERYTHING:
        assert set(kinds) >= OF_THE_OPERATOR | {"Ingress", "Job", "NetworkPolicy", "HorizontalPodAutoscaler"}


def test_a_misspelt_field_is_found() -> None:
    package = module("kubernetes_validate", NEEDED, "deploy")
    manifest = rendered({})["Deployment"]
    manifest["spec"]["template"]["spec"]["terminationGracePeriodSecond"] = 30
    with pytest.raises(package.ValidationError, match="terminationGracePeriodSecond"):
        package.validate(manifest, VERSIONS[0], strict=True)


@pytest.mark.parametrize(
    "values",
    [
        {"replica": 3},
        {"replicas": 0},
        {"secrets": {"HUB_JWT_SECRET": None}},
        {"secrets": {"HUB_REDIS_URL": "redis://valkey"}},
        {"settings": {"HUB_JWT_SECRET": "a secret in a ConfigMap"}},
        {"settings": {"hub_map": "offline"}},
        {"autoscaling": {"enabled": True, "cpuPercent": 0}},
        {"terminationGracePeriodSeconds": 5},
    ],
    ids=str,
)
def test_wrong_values_are_refused(values: dict[str, Any]) -> None:
    with pytest.raises(helm().HelmValuesError), helm().Chart.load(str(CHART)) as chart:
        chart.validate_schema(values)


def test_no_secret_of_the_hub_is_a_plain_setting() -> None:
    refused = json.loads((CHART / "values.schema.json").read_text())["properties"]["settings"]["propertyNames"]["not"]
    assert {PREFIX + name.upper() for name in SECRETS} <= set(refused["enum"])


def test_monitoring_without_a_token_is_refused() -> None:
    values = {"monitoring": {"serviceMonitor": True}, "secrets": {"HUB_METRICS_TOKEN": None}}
    with pytest.raises(helm().HelmRenderError, match="HUB_METRICS_TOKEN"):
        rendered(values)


def test_every_value_is_in_the_schema_and_is_used() -> None:
    used = "".join(path.read_text() for path in (CHART / "templates").iterdir())
    for name, value in VALUES.items():
        assert f".Values.{name}" in used, name
        if isinstance(value, dict) and name not in ("settings", "secrets", "resources", "nodeSelector"):
            for inner in value:
                assert re.search(rf"\.Values\.{name}\.{inner}\b", used), f"{name}.{inner}"


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_the_hub_takes_the_settings(values: dict[str, Any]) -> None:
    _, container = hub(values)
    kinds = rendered(values)
    assert container["envFrom"] == [{"configMapRef": {"name": kinds["ConfigMap"]["metadata"]["name"]}}]
    secrets = {variable["name"]: "s" * 40 for variable in container["env"]}
    assert all("secretKeyRef" in variable["valueFrom"] for variable in container["env"])
    urls = {"HUB_REDIS_URL": "redis://valkey:6379", "HUB_DATABASE_URL": "postgresql://hub@postgres/hub"}
    settings = load({**kinds["ConfigMap"]["data"], **secrets, **urls})
    settings.check()
    assert settings.port == container["ports"][0]["containerPort"]
    assert kinds["Service"]["spec"]["ports"][0]["targetPort"] == container["ports"][0]["name"]


def test_the_chart_fits_the_image_and_the_hub() -> None:
    image = (ROOT / "Dockerfile").read_text()
    pod, container = hub({})
    assert f"--uid {pod['securityContext']['runAsUser']} " in image
    assert container["args"] == ["serve"] and 'ENTRYPOINT ["hub"]' in image
    assert rendered(EVERYTHING)["Job"]["spec"]["template"]["spec"]["containers"][0]["args"] == ["migrate"]
    slept = float(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > slept + Settings().drain_timeout
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == container["startupProbe"]["httpGet"]["path"] == "/livez"
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (version[1], version[1])


def test_selectors_find_the_hubs_and_not_the_migration() -> None:
    kinds = rendered(EVERYTHING)
    labels = kinds["Deployment"]["spec"]["template"]["metadata"]["labels"]
    selectors = [
        kinds["Deployment"]["spec"]["selector"]["matchLabels"],
        kinds["Service"]["spec"]["selector"],
        kinds["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
        kinds["NetworkPolicy"]["spec"]["podSelector"]["matchLabels"],
        kinds["ServiceMonitor"]["spec"]["selector"]["matchLabels"],
    ]
    for selector in selectors:
        assert selector.items() <= labels.items()
        assert not selector.items() <= kinds["Job"]["metadata"]["labels"].items()
    assert (
        kinds["ServiceMonitor"]["spec"]["selector"]["matchLabels"].items()
        <= kinds["Service"]["metadata"]["labels"].items()
    )


def test_rules_are_those_of_prometheus_and_know_the_job() -> None:
    kinds = rendered(EVERYTHING)
    rules = yaml.safe_load((DEPLOY / "prometheus/hub.rules.yml").read_text())
    assert kinds["PrometheusRule"]["spec"] == rules
    (endpoint,) = kinds["ServiceMonitor"]["spec"]["endpoints"]
    assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": "hub"}]
    assert endpoint["authorization"]["credentials"] == VALUES["secrets"]["HUB_METRICS_TOKEN"]
    assert kinds["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == kinds["Deployment"]["metadata"]["name"]
    assert "replicas" not in kinds["Deployment"]["spec"]
