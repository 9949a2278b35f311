// For the type checker, which would otherwise check the library's own script.
export function loadPmtiles(): Promise<any>;
