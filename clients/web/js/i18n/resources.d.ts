export const english: string;
export function load(language: string): Promise<string>;
