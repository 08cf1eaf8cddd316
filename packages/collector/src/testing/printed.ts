/** What is printed while something runs in this process. */
import { vi } from 'vitest';

export async function printed(run: () => Promise<void>): Promise<string> {
  const lines: unknown[] = [];
  const spy = vi.spyOn(console, 'log').mockImplementation((line) => void lines.push(line));
  try {
    await run();
  } finally {
    spy.mockRestore();
  }
  return lines.join('\n');
}
