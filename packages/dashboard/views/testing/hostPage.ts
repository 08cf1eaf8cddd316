/** The test's host as one page of HTML. */
import { build, type Rollup } from 'vite';

const ENTRY = decodeURIComponent(new URL('./host.ts', import.meta.url).pathname);

export async function buildHostPage(): Promise<string> {
  const output = (await build({
    configFile: false,
    logLevel: 'error',
    build: { write: false, lib: { entry: ENTRY, formats: ['iife'], name: 'host', fileName: 'host' } },
  })) as Rollup.RollupOutput[];
  const script = output[0]!.output[0].code.replaceAll('</script', '<\\/script');
  const style = 'body { margin: 0; background: Canvas } iframe { display: block; border: 0; width: 100% }';
  return `<!doctype html><html lang="en"><title>host</title><style>${style}</style><body><script>${script}</script></body></html>`;
}
