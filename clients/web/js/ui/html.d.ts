// For the type checker, which reads the library's own types where npm has installed it.
import type { TemplateResult } from "lit-html";

export { html, nothing } from "lit-html";
export function renderer(host: HTMLElement): (view: TemplateResult) => void;
