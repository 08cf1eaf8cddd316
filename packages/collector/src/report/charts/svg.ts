/** SVG as text. Looks come from classes in the style of the page: a strict Content-Security-Policy forbids style attributes. */
import { escapeHtml } from '../../model/escape.ts';
import { visibleText } from '../../model/visibleText.ts';

type Attributes = Record<string, string | number | undefined>;

const MAX_NAME = 300;
/** Characters that no XML document may hold, and that are visible otherwise. */
const NOT_XML = /[\uFFFE\uFFFF]/g;

/** @param children SVG, see `text` for words */
export function element(name: string, attributes: Attributes, ...children: readonly string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? coordinate(value) : escapeHtml(value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

/** Words, names from outside among them: nothing in them is markup, and nothing is invisible. */
export function text(words: string, maxLength: number = MAX_NAME): string {
  return escapeHtml(visibleText(words, maxLength).replace(NOT_XML, '\u{FFFD}'));
}

/** A tenth of a unit is less than what anybody sees. */
export function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}

/** Many rectangles as the data of one path. */
export function rectangles(boxes: readonly { x: number; y: number; width: number; height: number }[]): string {
  return boxes
    .filter(({ height }) => height > 0)
    .map(({ x, y, width, height }) => {
      const [w, h] = [coordinate(width), coordinate(height)];
      return `M${coordinate(x)} ${coordinate(y)}h${w}v${h}h-${w}z`;
    })
    .join('');
}
