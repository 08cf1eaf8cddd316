/** A made-up fleet and what happened to it, as data: what screenshots and tests of the page show. */

export interface MadeUpTool {
  name: string;
  /** Mean at the busiest time of the day. */
  callsPerMinute: number;
  medianMs: number;
  /** Of the logarithm of the duration. */
  spread: number;
  errorShare?: number;
  errorClass?: string;
}

export interface MadeUpServer {
  name: string;
  version: string;
  memoryMb: number;
  tools: MadeUpTool[];
}

/** What is different for a while; times in minutes before what was the present when the history began to be played. */
export interface Incident {
  server: string;
  /** Absent: all its tools. */
  tool?: string;
  fromMinutesAgo: number;
  /** Default: until the end. */
  toMinutesAgo?: number;
  slower?: number;
  errorShare?: number;
  errorClass?: string;
  /** Added for each minute that it lasts. */
  memoryMbPerMinute?: number;
  /** The server reports it from then on. */
  version?: string;
}

export interface Scenario {
  servers: MadeUpServer[];
  incidents: Incident[];
}

const tool = (
  name: string,
  callsPerMinute: number,
  medianMs: number,
  spread = 0.4,
  errorShare = 0.0002,
  errorClass = 'Error',
): MadeUpTool => ({ name, callsPerMinute, medianMs, spread, errorShare, errorClass });

export const FLEET: Scenario = {
  servers: [
    {
      name: 'github',
      version: '2.3.1',
      memoryMb: 140,
      tools: [
        tool('search_code', 34, 120, 0.4, 0.0002, 'HttpError'),
        tool('get_file_contents', 52, 65, 0.4),
        tool('list_issues', 18, 90, 0.4),
        tool('create_pull_request', 3, 200, 0.25, 0.0002, 'HttpError'),
      ],
    },
    {
      name: 'checkout',
      version: '5.1.0',
      memoryMb: 210,
      tools: [
        tool('quote_shipping', 12, 38, 0.4, 0.0002, 'UpstreamTimeout'),
        tool('reserve_stock', 16, 24, 0.35, 0.0002, 'StockLevelConflict'),
        tool('place_order', 5, 82, 0.3, 0.0002, 'PaymentDeclined'),
      ],
    },
    {
      name: 'postgres',
      version: '1.8.2',
      memoryMb: 95,
      tools: [tool('query', 74, 12, 0.7, 0.0002, 'DatabaseError'), tool('describe_table', 14, 4, 0.3)],
    },
    {
      name: 'browser',
      version: '0.14.3',
      memoryMb: 380,
      tools: [
        tool('navigate', 9, 190, 0.3, 0.0002, 'NavigationError'),
        tool('snapshot', 11, 130, 0.3),
        tool('click', 15, 70, 0.5, 0.0002, 'ElementNotFound'),
      ],
    },
    {
      name: 'docs-search',
      version: '3.0.4',
      memoryMb: 520,
      tools: [tool('semantic_search', 26, 95, 0.4), tool('fetch_page', 21, 42, 0.6, 0.0002, 'HttpError')],
    },
    {
      name: 'filesystem',
      version: '2026.8.31',
      memoryMb: 72,
      tools: [
        tool('read_text_file', 61, 1.6, 0.5, 0.0002, 'ENOENT'),
        tool('list_directory', 30, 0.9, 0.4),
        tool('write_file', 9, 2.4, 0.5),
      ],
    },
    {
      name: 'slack',
      version: '1.2.0',
      memoryMb: 88,
      tools: [tool('post_message', 4, 130, 0.3, 0.0002, 'RateLimited'), tool('search_messages', 6, 140, 0.3)],
    },
    {
      name: 'weather',
      version: '1.0.3',
      memoryMb: 60,
      tools: [tool('forecast', 8, 55, 0.3), tool('current', 12, 21, 0.3)],
    },
  ],
  incidents: [
    { server: 'github', fromMinutesAgo: 190, version: '2.4.0' },
    { server: 'github', tool: 'search_code', fromMinutesAgo: 190, slower: 2.6 },
    {
      server: 'checkout',
      tool: 'quote_shipping',
      fromMinutesAgo: 34,
      slower: 26,
      errorShare: 0.14,
      errorClass: 'UpstreamTimeout',
    },
    { server: 'browser', fromMinutesAgo: 400, memoryMbPerMinute: 1.4 },
    { server: 'postgres', tool: 'query', fromMinutesAgo: 640, toMinutesAgo: 595, slower: 6 },
    {
      server: 'docs-search',
      tool: 'fetch_page',
      fromMinutesAgo: 960,
      toMinutesAgo: 925,
      errorShare: 0.3,
      errorClass: 'HttpError',
    },
    { server: 'slack', fromMinutesAgo: 1020, version: '1.2.1' },
  ],
};
