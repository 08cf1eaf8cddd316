/** The one style of a report: light, dark, telephone, paper. Its hash is all that a Content-Security-Policy has to allow. */
import { createHash } from 'node:crypto';

const LIGHT = `--paper:#fff;--ground:#f6f7f9;--ink:#1b2330;--soft:#5a6472;--line:#d9dee5;--accent:#1d5fbf;--band:#1d5fbf33;--late:#9a4f00;--before:#6b7482;--bar:#4f86cf;--bad:#c0271d;--good:#1e7a44;--warn:#a15c00;--track:#e9edf2;color-scheme:light`;
const DARK = `--paper:#171b21;--ground:#0f1216;--ink:#e6eaf0;--soft:#a3adba;--line:#333b46;--accent:#7ab0ff;--band:#7ab0ff33;--late:#ffb25c;--before:#98a2b0;--bar:#5b8fd8;--bad:#ff7b70;--good:#5fcf8e;--warn:#f0b457;--track:#262d36;color-scheme:dark`;

export const STYLE = `:root{${LIGHT}}
@media (prefers-color-scheme:dark){:root{${DARK}}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;-webkit-text-size-adjust:100%}
main{max-width:68rem;margin:0 auto;padding:1.5rem 1rem 3rem}
header,section,nav{background:var(--paper);border:1px solid var(--line);border-radius:.6rem;padding:1.1rem 1.25rem;margin:0 0 1rem}
h1{font-size:1.6rem;line-height:1.2;margin:0;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:0 0 .6rem}
h3{font-size:1rem;margin:1.4rem 0 .4rem}
p{margin:.5rem 0;overflow-wrap:anywhere}
a{color:var(--accent)}
.period{color:var(--soft);margin:.25rem 0 .9rem}
.verdict{border-left:.3rem solid var(--soft);padding:.1rem 0 .1rem .75rem;margin:0}
.verdict strong{text-transform:capitalize}
.verdict.healthy{border-color:var(--good)}
.verdict.degraded{border-color:var(--warn)}
.verdict.critical{border-color:var(--bad)}
.healthy strong,.met{color:var(--good)}
.degraded strong{color:var(--warn)}
.critical strong,.missed{color:var(--bad);font-weight:600}
.unknown{color:var(--soft)}
.cards{display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem;margin:1.1rem 0 0}
.cards div{border:1px solid var(--line);border-radius:.45rem;padding:.55rem .75rem}
.cards dt{color:var(--soft);font-size:.82rem}
.cards dd{margin:0}
.cards .figure{font-size:1.35rem;font-weight:600;line-height:1.3;font-variant-numeric:tabular-nums}
.cards .note{color:var(--soft);font-size:.8rem;line-height:1.35}
nav{padding:.6rem 1.25rem}
nav ul{display:flex;flex-wrap:wrap;gap:.15rem 1.1rem;margin:0;padding:0;list-style:none}
.scroll{overflow-x:auto;margin:.6rem 0}
table{border-collapse:collapse;width:100%;font-size:.87rem;line-height:1.4}
th,td{padding:.35rem .6rem;text-align:left;vertical-align:top;border-bottom:1px solid var(--line);font-variant-numeric:tabular-nums}
th{color:var(--soft);font-weight:600;white-space:nowrap}
.number{text-align:right;white-space:nowrap}
.time,.short{white-space:nowrap}
.words{min-width:15rem}
tbody tr:last-child td{border-bottom:0}
code{font:.92em/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
.name{min-width:9rem}
ul{padding-left:1.2rem}
li{margin:.3rem 0;overflow-wrap:anywhere}
.charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,26rem),1fr));gap:1rem;margin:.9rem 0}
figure{margin:0;max-width:36rem}
figcaption{font-weight:600;font-size:.9rem;margin:0 0 .35rem}
.chart{display:block;width:100%;height:auto;font-size:12px}
.chart text{fill:var(--ink);font-family:system-ui,-apple-system,"Segoe UI",Roboto,sans-serif}
.chart .tick,.chart .unit{fill:var(--soft);font-variant-numeric:tabular-nums}
.chart .end{text-anchor:end}
.chart .middle{text-anchor:middle}
.grid{stroke:var(--line);fill:none}
.axis{stroke:var(--soft);fill:none}
.band{fill:var(--band);stroke:none}
.line-p50,.line-p95,.line-p99,.line-before{fill:none;stroke:var(--accent);stroke-width:2;stroke-linejoin:round;stroke-linecap:round}
.line-p95{stroke-width:.75}
.line-p99{stroke:var(--late);stroke-width:1.5;stroke-dasharray:5 4}
.line-before{stroke:var(--before);stroke-width:1.5;stroke-dasharray:2 4}
.bar-calls{fill:var(--bar)}
.bar-errors,.bar-critical{fill:var(--bad)}
.hatch-line{stroke:var(--paper);stroke-width:.9;fill:none}
.bar-healthy{fill:var(--good)}
.bar-degraded{fill:var(--warn)}
.track{fill:var(--track)}
footer{color:var(--soft);font-size:.82rem}
@media (max-width:40rem){main{padding:.75rem .5rem 2rem}header,section,nav{padding:.9rem .8rem;border-radius:.4rem}.cards{grid-template-columns:1fr 1fr}}
@page{size:A4;margin:14mm 12mm 16mm;@bottom-right{content:counter(page) " / " counter(pages);font:9pt system-ui,sans-serif;color:#5a6472}}
@media print{:root{${LIGHT};--ground:#fff;font-size:12.5px}*{-webkit-print-color-adjust:exact;print-color-adjust:exact}body{font-size:9.5pt}main{max-width:none;padding:0}nav{display:none}header,section{border:0;border-radius:0;padding:0;margin:0 0 7mm}h2{border-bottom:1px solid var(--line);padding-bottom:.2rem}h2,h3,figcaption{break-after:avoid}tr,figure,li,.cards div,.verdict{break-inside:avoid}thead{display:table-header-group}.cards{grid-template-columns:repeat(4,1fr)}.charts{grid-template-columns:1fr 1fr}.scroll{overflow:visible}table{font-size:7.4pt}th,td{padding:.2rem .35rem}.words,.name{min-width:0}a{color:inherit;text-decoration:none}}
`;

/** For `style-src`: the text between the tags, hashed as browsers do. */
export const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** Nothing but this style: no script, no request. */
const ONLY_STYLE = `default-src 'none'; style-src ${STYLE_HASH}; img-src data:; base-uri 'none'; form-action 'none'`;

/** What the page says of itself, so that it holds when it is opened as a file. */
export const META_POLICY = ONLY_STYLE;

/** The header under which a report is served; pages of the same origin may frame it. */
export function reportCsp(): string {
  return `${ONLY_STYLE}; frame-ancestors 'self'`;
}
