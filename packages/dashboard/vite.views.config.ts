import { defineConfig, type Plugin } from 'vite';

/**
 * Puts the one script and the one style sheet into the page: a `ui://` resource can load nothing.
 * vite-plugin-singlefile does the same, but fails with the bundler of Vite 8.
 */
function inlined(): Plugin {
  return {
    name: 'inlined',
    enforce: 'post',
    generateBundle(_options, bundle) {
      const page = bundle['index.html'];
      if (page?.type !== 'asset') throw new Error('There is no index.html to put the script into');
      let html = String(page.source);
      for (const [name, part] of Object.entries(bundle)) {
        if (part === page) continue;
        const isScript = part.type === 'chunk';
        const tag = new RegExp(isScript ? `<script[^>]*${name}[^>]*></script>` : `<link[^>]*${name}[^>]*>`);
        if (!tag.test(html)) throw new Error(`${name} is not referred to by the page`);
        const content = isScript ? part.code.replaceAll('</script', '<\\/script') : String(part.source);
        html = html.replace(tag, '');
        const [mark, element] = isScript
          ? ['</body>', `<script type="module">${content}</script>\n  </body>`]
          : ['</head>', `<style>${content}</style>\n  </head>`];
        html = html.replace(mark, () => element);
        delete bundle[name];
      }
      page.source = html;
    },
  };
}

/** The views inside MCP clients. */
export default defineConfig({
  root: 'views',
  plugins: [inlined()],
  build: {
    outDir: '../dist/views',
    emptyOutDir: true,
    target: 'es2022',
    modulePreload: false,
    cssCodeSplit: false,
    rolldownOptions: { output: { codeSplitting: false } },
  },
});
