/** What a client and a server see of each other through the proxy: the same as without it. */
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { Agent, type IncomingMessage, type RequestListener, request, type ServerResponse } from 'node:http';
import { connect } from 'node:net';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deferred, JSON_BODY, type RawRequest, send, startProxied, startProxyTo, toolCall } from './support/proxied.ts';

const MB = 1_048_576;

/** Everything but Host, which is the proxy's to change, and Connection, which is each connection's own. */
function seenBy(request: IncomingMessage): unknown {
  const headers: string[] = [];
  for (let at = 0; at < request.rawHeaders.length; at += 2) {
    const name = request.rawHeaders[at]!;
    if (!/^(host|connection)$/i.test(name)) headers.push(name, request.rawHeaders[at + 1]!);
  }
  return { method: request.method, url: request.url, headers };
}

async function bodyOf(stream: AsyncIterable<unknown>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

const answerJson = Buffer.from(`{"jsonrpc":"2.0","id":1,"result":{"content":[],"isError":true}}`);

const RESPONSES: Record<string, (response: ServerResponse) => void> = {
  'a length': (response) => {
    response
      .writeHead(200, { 'Content-Type': 'application/json', 'content-LENGTH': answerJson.length })
      .end(answerJson);
  },
  chunks: (response) => {
    response.writeHead(200, { 'Content-Type': 'application/json' });
    response.write(answerJson.subarray(0, 7));
    response.end(answerJson.subarray(7));
  },
  'repeated headers and a reason of its own': (response) => {
    response.sendDate = false;
    response.writeHead(207, 'Quite Well', ['X-B', '1', 'set-Cookie', 'a=1', 'x-b', '2', 'Set-Cookie', 'b=2']).end('x');
  },
  gzip: (response) => {
    response
      .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
      .end(gzipSync(answerJson));
  },
  brotli: (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'br' });
    response.end(brotliCompressSync(answerJson));
  },
  'gzip that is none': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' }).end(answerJson);
  },
  'an encoding that nobody knows': (response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'x-own' }).end(answerJson);
  },
  'JSON that is none': (response) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(Buffer.from([0, 255, 123, 34, 10, 125]));
  },
  'events that are none': (response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).end(Buffer.from([13, 255, 58, 0, 10, 10, 13]));
  },
  'no content': (response) => void response.writeHead(204).end(),
  'not modified': (response) => void response.writeHead(304, { etag: '"1"', 'content-length': '10' }).end(),
  'a redirect': (response) => void response.writeHead(307, { location: '/elsewhere?x=1' }).end(),
  'an error': (response) => void response.writeHead(503, { 'retry-after': '1' }).end('later'),
  'hop-by-hop headers': (response) => {
    response.writeHead(200, { connection: 'close, x-hop', 'x-hop': '1', trailer: 'x-end', 'x-stays': '1' }).end('x');
  },
};

const REQUESTS: Record<string, RawRequest> = {
  GET: {},
  HEAD: { method: 'HEAD' },
  DELETE: { method: 'DELETE', headers: ['mcp-session-id', 's'] },
  'OPTIONS of everything': { method: 'OPTIONS', path: '*' },
  'a method of its own': { method: 'PROPFIND', path: '/some//path/../?a=%2F&b=#' },
  'POST with a length': { method: 'POST', headers: [...JSON_BODY, 'Content-Length', '5'], body: '[1,2]' },
  'POST in chunks': { method: 'POST', headers: [...JSON_BODY, 'Transfer-Encoding', 'chunked'], body: toolCall('x') },
  'POST without a body': { method: 'POST', headers: ['content-length', '0'] },
  'DELETE with a body in chunks': { method: 'DELETE', headers: ['Transfer-Encoding', 'chunked'], body: 'why' },
  'repeated headers': {
    headers: ['X-A', '1', 'x-a', '2', 'ACCEPT', '*/*', 'Cookie', 'a', 'cookie', 'b', 'Origin', 'http://localhost:1'],
  },
};

describe('a response', () => {
  it.each(Object.keys(RESPONSES))('with %s passes as it is', async (name) => {
    const { direct, proxy } = await startProxied((request, response) => {
      request.resume().once('end', () => {
        response.setHeader('date', 'Thu, 01 Jan 1970 00:00:00 GMT');
        RESPONSES[name]!(response);
      });
    });
    const post: RawRequest = { method: 'POST', headers: [...JSON_BODY, 'content-length', '2'], body: '{}' };
    const [one, other] = [await send(direct, post), await send(proxy, post)];
    const own = /^(connection|keep-alive|transfer-encoding|trailer|x-hop)$/i;
    const passed = (headers: string[]) =>
      headers.flatMap((name, at) => (at % 2 === 0 && !own.test(name) ? [`${name}: ${headers[at + 1]}`] : []));
    expect({ ...other, rawHeaders: passed(other.rawHeaders) }).toEqual({ ...one, rawHeaders: passed(one.rawHeaders) });
    if (name === 'hop-by-hop headers') expect(other.rawHeaders).not.toContain('x-hop');
  });
});

describe('a request', () => {
  it.each(Object.keys(REQUESTS))('%s reaches the server as it is', async (name) => {
    const seen: unknown[] = [];
    const { direct, proxy } = await startProxied(async (request, response) => {
      const body = await bodyOf(request);
      seen.push([seenBy(request), body.toString()]);
      response.end();
    });
    await send(direct, REQUESTS[name]);
    await send(proxy, REQUESTS[name]);
    expect(seen[1]).toEqual(seen[0]);
  });

  it('names the server as its host', async () => {
    const { direct, proxy } = await startProxied((request, response) => void response.end(request.headers.host));
    expect((await send(proxy)).body.toString()).toBe(new URL(direct).host);
  });
});

describe('bodies of 50 MB', () => {
  const body = randomBytes(50 * MB);

  it('pass in both directions, in an event as well', async () => {
    const { proxy } = await startProxied(async (request, response) => {
      const hash = sha256(await bodyOf(request));
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-hash': hash });
      response.write('data: ');
      response.write(body);
      response.end('\n\n');
    });
    const headers = [...JSON_BODY, 'content-length', String(body.length)];
    const answer = await send(proxy, { method: 'POST', headers, body });
    expect(answer.rawHeaders[answer.rawHeaders.indexOf('x-hash') + 1]).toBe(sha256(body));
    expect(sha256(answer.body.subarray(6, -2))).toBe(sha256(body));
  });

  it('do not pile up before a slow reader', async () => {
    let written = 0;
    let read = 0;
    let widestGap = 0;
    const { proxy } = await startProxied(async (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      for (let at = 0; at < body.length; at += 65_536) {
        if (!response.write(body.subarray(at, at + 65_536))) await once(response, 'drain');
        written = at + 65_536;
      }
      response.end();
    });
    const outgoing = request(`${proxy}/mcp`, { agent: false }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    for await (const chunk of incoming) {
      read += (chunk as Buffer).length;
      widestGap = Math.max(widestGap, written - read);
      // The server gets many turns for each of the reader's.
      for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
    }
    expect(read).toBe(body.length);
    // Sockets of both connections hold some; a proxy that does not wait would hold nearly all.
    expect(widestGap).toBeLessThan(30 * MB);
  });
});

describe('when one side gives up', () => {
  const halfAnswers: Record<string, RequestListener> = {
    'a length': (_request, response) => void response.writeHead(200, { 'content-length': '100' }).write('half'),
    chunks: (_request, response) => void response.writeHead(200).write('half'),
    'a stream of events': (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write('data: half');
    },
  };

  it.each(Object.keys(halfAnswers))('a server that breaks off %s breaks off the client', async (name) => {
    const { proxy, server } = await startProxied(halfAnswers[name]!);
    const outgoing = request(`${proxy}/mcp`, { agent: false }).end();
    const [incoming] = (await once(outgoing, 'response')) as [IncomingMessage];
    await once(incoming, 'data');
    server.closeAllConnections();
    const [error] = await once(incoming, 'error');
    expect(error).toMatchObject({ code: 'ECONNRESET' });
  });

  it.each(['before the response', 'in the middle of it'])('the server notices a client that left %s', async (when) => {
    const arrived = deferred<ServerResponse>();
    const { proxy } = await startProxied((_request, response) => {
      if (when !== 'before the response') response.writeHead(200).write('half');
      arrived.resolve(response);
    });
    const outgoing = request(`${proxy}/mcp`, { agent: false }).end();
    outgoing.on('error', () => {});
    const response = await arrived.promise;
    if (when !== 'before the response') await once(outgoing, 'response');
    outgoing.destroy();
    await once(response, 'close');
    expect(response.writableFinished).toBe(false);
  });

  it('the server notices a client that left in the middle of its request', async () => {
    const arrived = deferred<IncomingMessage>();
    const { proxy } = await startProxied((request) => arrived.resolve(request));
    const outgoing = request(`${proxy}/mcp`, { method: 'POST', headers: { 'content-length': '100' }, agent: false });
    outgoing.on('error', () => {}).write('half');
    const incoming = await arrived.promise;
    outgoing.destroy();
    await expect(bodyOf(incoming)).rejects.toThrow('aborted');
  });

  it('a server that is not there is a 502 that an MCP client can read', async () => {
    const { proxy, server, recorded } = await startProxied(() => {});
    await new Promise((resolve) => server.close(resolve));
    const body = toolCall('read', 'a1');
    const answer = await send(proxy, {
      method: 'POST',
      headers: [...JSON_BODY, 'content-length', String(body.length)],
      body,
    });
    expect(answer.status).toBe(502);
    expect(JSON.parse(answer.body.toString())).toEqual({
      jsonrpc: '2.0',
      id: 'a1',
      error: { code: -32_000, message: 'mcp-vitals: The server behind this proxy cannot be reached (ECONNREFUSED)' },
    });
    expect(recorded.calls).toMatchObject([
      { name: 'read', outcome: 'protocol_error', error: { errorClass: 'ServerUnreachable', code: 'ECONNREFUSED' } },
    ]);
  });

  it('a refusal that comes before the request is read reaches a client that goes on sending', async () => {
    const { proxy } = await startProxied((_request, response) => {
      response.writeHead(413).end('too large');
    });
    const body = Buffer.alloc(20 * MB, 'x');
    const answer = await send(proxy, { method: 'POST', headers: ['content-length', String(body.length)], body });
    expect([answer.status, answer.body.toString()]).toEqual([413, 'too large']);
  });
});

describe('connections', () => {
  it('are kept as the client keeps them, one for one', async () => {
    const sockets = new Set<unknown>();
    const { proxy } = await startProxied((request, response) => {
      sockets.add(request.socket);
      response.end();
    });
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    for (let times = 0; times < 3; times++) await send(proxy, { agent });
    expect(sockets.size).toBe(1);
    agent.destroy();
    await send(proxy);
    expect(sockets.size).toBe(2);
  });

  it('end when the server ends its own', async () => {
    const { proxy, server } = await startProxied((_request, response) => void response.end());
    const agent = new Agent({ keepAlive: true });
    await send(proxy, { agent });
    const [socket] = Object.values(agent.freeSockets).flat();
    const ended = once(socket!, 'close');
    server.closeAllConnections();
    await ended;
    agent.destroy();
  });

  it('carry 100 streams at once', async () => {
    const streams: ServerResponse[] = [];
    const all = deferred<void>();
    const { proxy } = await startProxied((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': open\n\n');
      if (streams.push(response) === 100) all.resolve();
    });
    const clients = Array.from({ length: 100 }, () => send(proxy));
    await all.promise;
    streams.forEach((stream, at) => void stream.end(`data: ${at}\n\n`));
    const bodies = (await Promise.all(clients)).map(({ body }) => body.toString());
    expect(new Set(bodies).size).toBe(100);
  });
});

describe('who may use it', () => {
  const allowed = (headers: string[], allowedHosts: string[] = []) =>
    startProxied((_request, response) => void response.end('ok'), { allowedHosts })
      .then(({ proxy }) => send(proxy, { headers }))
      .then(({ status }) => status);

  it('is told by Host and Origin, because the server sees its own name', async () => {
    expect(await allowed(['Host', 'evil.example'])).toBe(403);
    expect(await allowed(['Host', 'localhost:9'])).toBe(200);
    expect(await allowed(['Host', 'mcp.example'], ['mcp.example'])).toBe(200);
    expect(await allowed(['Origin', 'https://evil.example'])).toBe(403);
    expect(await allowed(['Origin', 'null'])).toBe(403);
    expect(await allowed(['Origin', 'http://127.0.0.1:8080'])).toBe(200);
  });

  it('is no way to other servers', async () => {
    const { proxy } = await startProxied((_request, response) => void response.end('ok'));
    expect((await send(proxy, { path: 'http://127.0.0.1:1/mcp' })).status).toBe(400);
    const socket = connect(Number(new URL(proxy).port), '127.0.0.1');
    socket.write('CONNECT 127.0.0.1:1 HTTP/1.1\r\nHost: 127.0.0.1:1\r\n\r\n');
    expect((await bodyOf(socket)).toString()).not.toContain('200');
  });

  it('says so when the port is taken', async () => {
    const { proxy, direct } = await startProxied(() => {});
    await expect(startProxyTo(direct, undefined, { port: Number(new URL(proxy).port) })).rejects.toMatchObject({
      code: 'conflict',
    });
  });
});
