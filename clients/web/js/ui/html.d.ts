// For the type checker, which reads the library's own types where npm has installed it.
export { html, nothing, render } from "lit-html";
