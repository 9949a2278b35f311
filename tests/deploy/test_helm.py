"""deploy/helm: linted and rendered by Helm, its manifests checked against the schemas of Kubernetes."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import yaml

from hub.cli.main import cli
from hub.environment import environment, load
from hub.settings import PREFIX, SECRETS, Settings
from tests.deploy.fronts import DEPLOY
from tests.deploy.test_compose import EXAMPLES, NEEDED
from tests.support.programs import module
from tests.support.repository import ROOT
from tests.support.running import PATIENCE

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
    "recorder": {"replicas": 3},
    "backup": {"enabled": True},
    "networkPolicy": {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "ingress"}}}]},
    "monitoring": {"serviceMonitor": True, "prometheusRule": True, "labels": {"release": "prometheus"}},
    "nodeSelector": {"kubernetes.io/arch": "amd64"},
    "tolerations": [{"key": "hubs", "operator": "Exists"}],
    "podAnnotations": {"a": "b"},
}
CASES: dict[str, dict[str, Any]] = {"defaults": {}, "everything": EVERYTHING, "only by sockets": {
    "autoscaling": {"enabled": True, "cpuPercent": 0, "connections": 8000}, "networkPolicy": {"enabled": False},
    "secrets": {"HUB_CHANNEL_SECRET": None, "HUB_METRICS_TOKEN": None},
    "backup": {"enabled": True, "claim": "archive", "schedule": "@weekly", "keep": 4},
}}  # fmt: skip
ENVIRONMENTS = {path.stem: yaml.safe_load(path.read_text()) for path in sorted((DEPLOY / "helm/values").glob("*.yaml"))}
CASES |= ENVIRONMENTS
OF_THE_OPERATOR = {"ServiceMonitor", "PrometheusRule"}


def helm() -> Any:
    return module("helm_python", NEEDED, "deploy")


def rendered(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Kind -> manifest, of a release ``demo``; with the end of its name, as in ``Deployment recorder``, if it is not
    one of the hubs."""
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
    kinds = {}
    for document in documents:
        end = document["metadata"]["name"].removeprefix("demo-location-hub").lstrip("-")
        kinds[f"{document['kind']} {end}".strip()] = document
    assert len(kinds) == len(documents)
    return kinds


def pods(values: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Kind as in ``rendered`` -> template of its pods."""
    found = {}
    for kind, manifest in rendered(values).items():
        spec = manifest.get("spec", {})
        template = spec.get("jobTemplate", {}).get("spec", spec).get("template")
        if template is not None:
            found[kind] = template
    return found


def container_of(template: dict[str, Any]) -> dict[str, Any]:
    (container,) = template["spec"]["containers"]
    return container  # type: ignore[no-any-return]


def hub(values: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The pod of the hub, and its container."""
    template = pods(values)["Deployment"]
    return template["spec"], container_of(template)


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
    for manifest in kinds.values():
        if manifest["kind"] not in OF_THE_OPERATOR:
            validate(manifest, version, strict=True)
    both = {f"{kind}{of}" for kind in ("Deployment", "Service", "PodDisruptionBudget") for of in ("", " recorder")}
    assert both | {"ConfigMap"} <= set(kinds)
    if values is EVERYTHING:
        assert set(kinds) >= OF_THE_OPERATOR | {
            "ServiceMonitor recorder", "Ingress", "Job migrate", "NetworkPolicy", "NetworkPolicy recorder",
            "HorizontalPodAutoscaler", "CronJob backup", "PersistentVolumeClaim backups",
        }  # fmt: skip


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
        {"settings": {"HUB_RECORDER": "on"}},
        {"recorder": {"replicas": 0}},
        {"backup": {"enabled": True, "schedule": "at night"}},
        {"backup": {"keep": 0}},
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
    used = used.replace("$.Values", ".Values")
    for name, value in VALUES.items():
        assert f".Values.{name}" in used, name
        if isinstance(value, dict) and name not in ("settings", "secrets", "resources", "nodeSelector"):
            for inner in value:
                assert re.search(rf"\.Values\.{name}\.{inner}\b", used), f"{name}.{inner}"


def settings_of(kinds: dict[str, dict[str, Any]], container: dict[str, Any]) -> Settings:
    """The settings that a container of the chart starts with: those of the image, of the ConfigMap and its own."""
    (block,) = re.findall(r"^ENV (HUB_.*?[^\\])$", (ROOT / "Dockerfile").read_text(), re.MULTILINE | re.DOTALL)
    given = dict(word.split("=", 1) for word in block.replace("\\", "").split())
    for source in container.get("envFrom", []):
        assert source["configMapRef"]["name"] == kinds["ConfigMap"]["metadata"]["name"]
        given |= kinds["ConfigMap"]["data"]
    urls = {"HUB_REDIS_URL": "redis://valkey:6379", "HUB_DATABASE_URL": "postgresql://hub@postgres/hub"}
    for variable in container["env"]:
        name = variable["name"]
        assert "value" in variable or "secretKeyRef" in variable["valueFrom"]
        given[name] = variable.get("value", urls.get(name, "s" * 40))
    settings = load(given)
    settings.check()
    return settings


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_every_container_takes_its_settings(values: dict[str, Any]) -> None:
    kinds = rendered(values)
    found = {kind: container_of(template) for kind, template in pods(values).items()}
    settings = {kind: settings_of(kinds, container) for kind, container in found.items()}
    assert {"Deployment", "Deployment recorder"} <= set(settings)
    for kind in ("Deployment", "Deployment recorder"):
        assert settings[kind].port == found[kind]["ports"][0]["containerPort"]
        # Read by probes, and by Prometheus.
        assert settings[kind].host == "0.0.0.0"
    assert settings["Deployment"].recorder == "off"
    assert kinds["Service"]["spec"]["ports"][0]["targetPort"] == found["Deployment"]["ports"][0]["name"]


@pytest.mark.parametrize("values", CASES.values(), ids=CASES)
def test_every_command_is_one_of_the_hub(values: dict[str, Any]) -> None:
    commands = {kind: container_of(template)["args"] for kind, template in pods(values).items()}
    for name, *arguments in commands.values():
        command = cli.get_command(click.Context(cli), name)
        assert command is not None
        command.make_context(name, list(arguments))
    assert commands["Deployment recorder"][0] == "record"


def test_environments_are_those_of_compose() -> None:
    assert set(ENVIRONMENTS) == {path.name.partition(".")[0] for path in EXAMPLES}
    fronts = {name: values.get("ingress", {}).get("host") for name, values in ENVIRONMENTS.items()}
    assert len(set(fronts.values())) == len(fronts)


def test_recorders_are_probed_where_they_listen() -> None:
    container = container_of(pods({})["Deployment recorder"])
    _, option, port = container["args"]
    assert (option, int(port)) == ("--port", container["ports"][0]["containerPort"])
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "readinessProbe", "livenessProbe")}
    assert {probe["port"] for probe in probes.values()} == {container["ports"][0]["name"]}
    assert [probe["path"] for probe in probes.values()] == ["/livez", "/readyz", "/livez"]
    assert rendered({})["Deployment recorder"]["spec"]["replicas"] == 2


def test_the_backup_of_the_schedule_is_written(settings: Settings, tmp_path: Path) -> None:
    template = pods(EVERYTHING)["CronJob backup"]
    container, claim = container_of(template), rendered(EVERYTHING)["PersistentVolumeClaim backups"]
    (mount,) = [mount["mountPath"] for mount in container["volumeMounts"] if mount["name"] == "backups"]
    (volume,) = [volume for volume in template["spec"]["volumes"] if volume["name"] == "backups"]
    assert volume["persistentVolumeClaim"]["claimName"] == claim["metadata"]["name"]
    arguments = [word.replace(mount, str(tmp_path)) for word in container["args"]]
    assert arguments != container["args"]
    command = [sys.executable, "-m", "hub", *arguments]
    done = subprocess.run(command, env=environment(settings), capture_output=True, text=True, timeout=PATIENCE)
    assert done.returncode == 0, done.stderr
    assert done.stdout.endswith("verified\n") and len(list((tmp_path / "backups").iterdir())) == 1


def test_the_chart_fits_the_image_and_the_hub() -> None:
    image = (ROOT / "Dockerfile").read_text()
    pod, container = hub({})
    assert f"--uid {pod['securityContext']['runAsUser']} " in image
    assert container["args"] == ["serve"] and 'ENTRYPOINT ["hub"]' in image
    assert container_of(pods(EVERYTHING)["Job migrate"])["args"] == ["migrate"]
    slept = float(container["lifecycle"]["preStop"]["exec"]["command"][1])
    assert pod["terminationGracePeriodSeconds"] > slept + Settings().drain_timeout
    assert pods({})["Deployment recorder"]["spec"]["terminationGracePeriodSeconds"] > Settings().drain_timeout
    assert container["readinessProbe"]["httpGet"]["path"] == "/readyz"
    assert container["livenessProbe"]["httpGet"]["path"] == container["startupProbe"]["httpGet"]["path"] == "/livez"
    version = re.search(r'^version = "(.*)"', (ROOT / "pyproject.toml").read_text(), re.MULTILINE)
    assert version is not None
    chart = yaml.safe_load((CHART / "Chart.yaml").read_text())
    assert (chart["version"], chart["appVersion"]) == (version[1], version[1])


@pytest.mark.parametrize("of", ["", " recorder"], ids=["hubs", "recorders"])
def test_selectors_find_their_own_pods(of: str) -> None:
    kinds, labels = rendered(EVERYTHING), {}
    for kind, template in pods(EVERYTHING).items():
        labels[kind] = template["metadata"]["labels"] if kind != "Job migrate" else kinds[kind]["metadata"]["labels"]
    selectors = [
        kinds[f"Deployment{of}"]["spec"]["selector"]["matchLabels"],
        kinds[f"Service{of}"]["spec"]["selector"],
        kinds[f"PodDisruptionBudget{of}"]["spec"]["selector"]["matchLabels"],
        kinds[f"ServiceMonitor{of}"]["spec"]["selector"]["matchLabels"],
    ]
    selectors += [
        constraint["labelSelector"]["matchLabels"]
        for constraint in kinds[f"Deployment{of}"]["spec"]["template"]["spec"]["topologySpreadConstraints"]
    ]
    for selector in selectors:
        assert [kind for kind in labels if selector.items() <= labels[kind].items()] == [f"Deployment{of}"]
    assert selectors[3].items() <= kinds[f"Service{of}"]["metadata"]["labels"].items()


def test_network_policies_apply_to_every_pod_that_stays() -> None:
    kinds = rendered(EVERYTHING)
    hubs, stores = (kinds[name]["spec"] for name in ("NetworkPolicy", "NetworkPolicy recorder"))
    components = {
        kind: template["metadata"]["labels"]["app.kubernetes.io/component"]
        for kind, template in pods(EVERYTHING).items()
        if kind != "Job migrate"
    }
    (expression,) = stores["podSelector"]["matchExpressions"]
    assert {hubs["podSelector"]["matchLabels"][expression["key"]], *expression["values"]} == set(components.values())
    allowed = {port["port"] for rule in stores["egress"] for port in rule["ports"]}
    assert allowed == {53, *VALUES["networkPolicy"]["storePorts"]}
    assert allowed < {port["port"] for rule in hubs["egress"] for port in rule["ports"]}


def test_rules_are_those_of_prometheus_and_know_the_job() -> None:
    kinds = rendered(EVERYTHING)
    rules = yaml.safe_load((DEPLOY / "prometheus/hub.rules.yml").read_text())
    assert kinds["PrometheusRule"]["spec"] == rules
    for of, job in (("", "hub"), (" recorder", "recorder")):
        (endpoint,) = kinds[f"ServiceMonitor{of}"]["spec"]["endpoints"]
        assert endpoint["relabelings"] == [{"targetLabel": "job", "replacement": job}]
        assert endpoint["authorization"]["credentials"] == VALUES["secrets"]["HUB_METRICS_TOKEN"]
    assert kinds["HorizontalPodAutoscaler"]["spec"]["scaleTargetRef"]["name"] == kinds["Deployment"]["metadata"]["name"]
    assert "replicas" not in kinds["Deployment"]["spec"]
