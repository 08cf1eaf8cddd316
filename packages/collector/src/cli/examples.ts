/** What one would type: below the help of a command, and in docs/cli.md. Those with more to explain have their own there. */

const EXAMPLES: Readonly<Record<string, readonly (readonly [line: string, meaning: string])[]>> = {
  serve: [['mcp-vitals serve --port 7000', 'on another port']],
  stdio: [['mcp-vitals stdio', 'in the configuration of an MCP client']],
  status: [['mcp-vitals status --json', 'for a program']],
  top: [
    ['mcp-vitals top', 'servers, the worst first'],
    ['mcp-vitals top --tools --sort p95', 'the slowest tools'],
    ['mcp-vitals top --server shop --once', 'one table, and no more'],
  ],
  monitor: [
    ['mcp-vitals monitor --server shop', 'a minute of a server and its processes'],
    ['mcp-vitals monitor --server shop --tool order --duration 300 --threshold execution_time=500', 'when it is slow'],
    ['mcp-vitals monitor --format dashboard --out now.html', 'as a page'],
  ],
  query: [
    ['mcp-vitals query --last 24h --aggregation p95', 'what a day was like'],
    ['mcp-vitals query --server shop --last 7d --group-by day', 'day by day'],
    ['mcp-vitals query --workspace team-a --last 24h', 'what a team’s servers did'],
    ["mcp-vitals query --aggregation count | sort -t $'\\t' -k 4 -n", 'columns with tabs between, on a pipe'],
  ],
  bottlenecks: [
    ['mcp-vitals bottlenecks', 'what made servers slow in the last hour'],
    ['mcp-vitals bottlenecks --server shop --last 24h --threshold low', 'all that was seen of one server'],
    ['mcp-vitals bottlenecks --report bottlenecks.html', 'to hand around'],
  ],
  dashboard: [['mcp-vitals dashboard --read-only', 'for somebody who may look, and change nothing']],
  report: [
    ['mcp-vitals report --weekly', 'compared with the week before'],
    ['mcp-vitals report --last 7d --pdf report.pdf', 'to hand around'],
  ],
  trends: [
    ['mcp-vitals trends', 'the last month, and the next'],
    ['mcp-vitals trends --server shop --tool search --limit 500', 'when its p95 reaches 500 ms'],
    ['mcp-vitals trends --period year --horizon 90 --report trends.html', 'with charts, to hand around'],
  ],
  analysis: [
    ['mcp-vitals analysis --range week', 'the most important of everything'],
    ['mcp-vitals analysis --type detailed --format pdf --out analysis.pdf', 'all of it, to hand around'],
  ],
  cost: [
    ['mcp-vitals cost --last 7d', 'the dearest tools of a week, and what could be saved'],
    ['mcp-vitals cost --server shop --json', 'for a program'],
  ],
  explain: [['mcp-vitals explain anomaly-20261031-1305-9f86d081', 'minute by minute']],
  alerts: [
    ['mcp-vitals alerts', 'what needs somebody'],
    ['mcp-vitals alerts acknowledge alert-20261121-003', 'you are on it'],
    ["mcp-vitals alerts silence 'shop-*' --minutes 60", 'nothing is sent for an hour'],
    ['mcp-vitals alerts list --status all --json', 'for a program'],
  ],
  token: [
    ['mcp-vitals token create --workspace team-a --scope ingest', 'what the servers of a team send with'],
    ['mcp-vitals token create --workspace team-a --scope read --name grafana', 'what somebody looks with'],
    ['mcp-vitals token revoke 0123456789ab', 'worthless from now on'],
  ],
  notify: [['mcp-vitals notify test team', 'whether a channel works']],
  grafana: [
    ['mcp-vitals grafana --out monitoring', 'dashboards and provisioning of Grafana'],
    ['mcp-vitals grafana --out monitoring --collector http://collector:6848', 'where the collector has another name'],
  ],
  prometheus: [
    ['mcp-vitals prometheus --out monitoring', 'what to scrape, rules, and routes of Alertmanager'],
    ['mcp-vitals prometheus --out monitoring --token-file /run/secrets/read', 'where Prometheus finds the token'],
  ],
  gate: [['mcp-vitals gate --from staging --to production', 'exits with 1 on a regression']],
  bench: [
    ['mcp-vitals bench -- node server.js', 'every tool 100 times, against the targets'],
    ['mcp-vitals bench --calls 1000 --save before.json -- node server.js', 'keep it to compare with'],
    ['mcp-vitals bench --calls 1000 --compare before.json -- node server.js', 'exits with 1 when a tool is slower'],
    ['mcp-vitals bench --rate 50 --calls 3000 -- node server.js', 'fifty calls a second, whatever is answered'],
    ['mcp-vitals bench --dry-run -- node server.js > calls.json', 'the calls it would make, to edit for --script'],
    ['mcp-vitals bench --compare before.json --with after.json', 'two that are there, without a run'],
  ],
  optimize: [
    ['mcp-vitals optimize --server shop', 'what would make it better, and by how much'],
    ['mcp-vitals optimize --server shop --apply --watch 600', 'do it, and undo it if it makes things worse'],
    ['mcp-vitals optimize --list', 'what is in force, and what became of it'],
    ['mcp-vitals optimize --undo shop', 'as it was before'],
  ],
  audit: [
    ['mcp-vitals audit', 'who changed what in the last week'],
    ['mcp-vitals audit --since 30d --action policy.undone', 'policies that were taken back'],
    ['mcp-vitals audit --server shop --since 2026-11-01 --json', 'for a program'],
  ],
  benchmark: [
    ['mcp-vitals benchmark shop search --save v1', 'a minute of a normal load, kept to compare with'],
    ['mcp-vitals benchmark shop search --compare v1', 'exits with 1 when it is slower'],
    ['mcp-vitals benchmark shop search --saturation', 'how many calls a second it can take'],
  ],
  config: [['mcp-vitals config --set retention.hourDays=7', 'what would be in force']],
  export: [['mcp-vitals export --out backup --from 2026-11-01', 'into a new directory']],
  import: [['mcp-vitals import backup --data-dir other', 'into another collector']],
  migrate: [['mcp-vitals migrate --from sqlite:$HOME/.performance-data --to postgres://vitals@db/vitals', 'all of it']],
};

/** @returns undefined when there is none */
export function examplesOf(command: string): string | undefined {
  const examples = EXAMPLES[command];
  if (examples === undefined) return undefined;
  const width = Math.max(...examples.map(([line]) => line.length));
  const lines = examples.map(([line, meaning]) => `  ${line.padEnd(width)}  ${meaning}`);
  return ['', 'Examples:', ...lines].join('\n');
}
