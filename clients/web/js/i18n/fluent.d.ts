export class FluentResource {
  constructor(source: string);
}
export class FluentBundle {
  constructor(locales: string[], options?: { useIsolating?: boolean });
  addResource(resource: FluentResource): Error[];
  getMessage(id: string): { value: any } | undefined;
  formatPattern(pattern: any, args: Record<string, any> | null, errors: Error[]): string;
}
