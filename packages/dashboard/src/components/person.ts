/** Who acknowledges and silences: asked once, remembered by the browser. */

const KEY = 'mcp-vitals person';

export function rememberedPerson(): string {
  try {
    return localStorage.getItem(KEY) ?? '';
  } catch {
    return '';
  }
}

export function rememberPerson(name: string): void {
  try {
    localStorage.setItem(KEY, name);
  } catch {
    // It will be asked again.
  }
}
