/**
 * The page: its files are read once, compressed once when they are wanted, and answered from memory. They hold no data, so anybody may have
 * them; what they show comes from the API, which asks who wants it.
 */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { extname, join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import type { Logger } from '../logger.ts';
import { encodingFor } from './contentEncoding.ts';

/** Where the page's own addresses begin; it finds out itself what to show there. */
const PAGES = new Set([
  '/',
  '/server',
  '/tool',
  '/alerts',
  '/analysis',
  '/thresholds',
  '/objectives',
  '/reports',
  '/settings',
]);

/** Only what came with the page runs or is shown: no inline script or style, nothing from elsewhere. */
export const PAGE_CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "frame-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const CONTENT_TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

interface PageFile {
  contentType: string;
  cacheControl: string;
  etag: string;
  plain: Buffer;
  /** Made when they are asked for first: most collectors are started by clients, and few are looked at. */
  gzip(): Buffer;
  brotli(): Buffer;
}

export interface Page {
  /** Answers when the request is for the page; else returns false and does nothing. */
  handle(request: IncomingMessage, response: ServerResponse): boolean;
}

/** @param directory of the built page; where there is none, only the API answers */
export function createPage(directory: string, logger: Pick<Logger, 'warn'>): Page {
  const files = readFiles(directory, logger);
  return {
    handle(request, response) {
      if (request.method !== 'GET' && request.method !== 'HEAD') return false;
      const path = request.url!.split('?', 1)[0]!;
      const file = files.get(PAGES.has(path) ? '/index.html' : path);
      if (file === undefined) return false;
      answer(file, request, response);
      return true;
    },
  };
}

function readFiles(directory: string, logger: Pick<Logger, 'warn'>): ReadonlyMap<string, PageFile> {
  try {
    const entries = readdirSync(directory, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    return new Map(
      entries.map((entry) => {
        const path = join(entry.parentPath, entry.name);
        const url = path.slice(directory.length).replaceAll('\\', '/');
        return [url, pageFile(url, readFileSync(path))];
      }),
    );
  } catch (error) {
    logger.warn({ err: error }, 'The page was not built; only the API answers');
    return new Map();
  }
}

function pageFile(url: string, plain: Buffer): PageFile {
  // The names of all but the page itself change with their contents.
  const isHashed = url.startsWith('/assets/');
  return {
    contentType: CONTENT_TYPES[extname(url)] ?? 'application/octet-stream',
    cacheControl: isHashed ? 'public, max-age=31536000, immutable' : 'no-cache',
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 22)}"`,
    plain,
    gzip: once(() => gzipSync(plain, { level: 9 })),
    brotli: once(() => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } })),
  };
}

function once<Value>(make: () => Value): () => Value {
  let made: Value | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

function answer(file: PageFile, request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('content-type', file.contentType);
  response.setHeader('cache-control', file.cacheControl);
  response.setHeader('content-security-policy', PAGE_CSP);
  response.setHeader('vary', 'accept-encoding');
  response.setHeader('etag', file.etag);
  if (has(request.headers['if-none-match'], file.etag)) return void response.writeHead(304).end();
  const encoding = encodingFor(request.headers['accept-encoding'], ['br', 'gzip']);
  const body = encoding === 'br' ? file.brotli() : encoding === 'gzip' ? file.gzip() : file.plain;
  if (encoding !== undefined) response.setHeader('content-encoding', encoding);
  response.setHeader('content-length', body.length);
  response.writeHead(200).end(request.method === 'HEAD' ? undefined : body);
}

/** Whether a list of tags has this one, marked as weak or not: proxies mark it when they compress. */
function has(tags: string | undefined, etag: string): boolean {
  return tags?.split(',').some((tag) => ['*', etag].includes(tag.trim().replace(/^W\//, ''))) ?? false;
}
