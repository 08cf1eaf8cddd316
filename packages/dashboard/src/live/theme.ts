/** Light or dark: as the system has it, until somebody chooses. */
import { Observable } from './observable.ts';

export type Theme = 'light' | 'dark';

const KEY = 'mcp-vitals theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function chosen(): Theme | undefined {
  try {
    const theme = localStorage.getItem(KEY);
    return theme === 'light' || theme === 'dark' ? theme : undefined;
  } catch {
    return undefined;
  }
}

const current = (): Theme => chosen() ?? (system.matches ? 'dark' : 'light');

export const theme = new Observable<Theme>(current());

function show(): void {
  theme.value = current();
  document.documentElement.dataset.theme = theme.value;
}

export function followTheme(): void {
  system.addEventListener('change', show);
  show();
}

export function toggleTheme(): void {
  const next: Theme = theme.value === 'dark' ? 'light' : 'dark';
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
  document.documentElement.dataset.theme = next;
  theme.value = next;
}
