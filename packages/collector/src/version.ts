/** The version of this package, read from the one place that says it. */
import packageJson from '../package.json' with { type: 'json' };

export const VERSION: string = packageJson.version;

/** How this program names itself to others. */
export const SOFTWARE = `@mcp-vitals/collector ${VERSION}`;
