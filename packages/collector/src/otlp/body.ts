/**
 * A request's body as a message, within limits that hold whatever is sent: bytes as they come, bytes when they are
 * inflated, and how much is built of them.
 */
import type { IncomingMessage } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { VitalsError } from '../errors.ts';
import { holdsMoreThan } from '../protobuf/elementCount.ts';
import type { MetricsRequest } from '../protobuf/otlpMessages.ts';
import { metricsRequest, OTLP_CONTENT_TYPES, type OtlpEncoding, OtlpFormatError } from '../protobuf/otlpMetrics.ts';
import { readBody } from '../readBody.ts';

export interface BodyLimits {
  maxBytes: number;
  /** Of a body that was compressed. */
  maxInflatedBytes: number;
}

/** A media type or an encoding that is not understood: 415, which no error code stands for. */
export class UnsupportedMedia extends VitalsError {
  constructor(message: string) {
    super('invalid', message);
  }
}

/** Messages and numbers: each costs some hundred bytes of memory. What 2,000 streams send is a tenth of it. */
const MAX_ELEMENTS = 500_000;

const inflate = promisify(gunzip);

/** Undefined for one that is not understood. */
export function encodingOf({ headers }: IncomingMessage): OtlpEncoding | undefined {
  const type = headers['content-type']?.split(';')[0]?.trim().toLowerCase();
  return (Object.keys(OTLP_CONTENT_TYPES) as OtlpEncoding[]).find((encoding) => OTLP_CONTENT_TYPES[encoding] === type);
}

/** @throws VitalsError `invalid`, `too_large`, UnsupportedMedia */
export async function readMetrics(request: IncomingMessage, limits: BodyLimits): Promise<MetricsRequest> {
  const encoding = encodingOf(request);
  const types = Object.values(OTLP_CONTENT_TYPES).join(' or ');
  if (encoding === undefined) throw new UnsupportedMedia(`The content type must be ${types}`);
  const isCompressed = isGzip(request);
  const body = await readBody(request, limits.maxBytes);
  return decode(isCompressed ? await inflated(body, limits.maxInflatedBytes) : body, encoding);
}

function isGzip({ headers }: IncomingMessage): boolean {
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  if (encoding === 'identity' || encoding === 'gzip') return encoding === 'gzip';
  throw new UnsupportedMedia('The content encoding must be gzip or none');
}

/** Never makes more than the limit, whatever the body promises. */
async function inflated(body: Buffer, maxBytes: number): Promise<Buffer> {
  try {
    return await inflate(body, { maxOutputLength: maxBytes });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') {
      throw new VitalsError('too_large', `The body is larger than ${maxBytes} bytes when it is inflated`);
    }
    throw new VitalsError('invalid', 'The body is no gzip', { cause: error });
  }
}

function decode(body: Buffer, encoding: OtlpEncoding): MetricsRequest {
  if (isTooMuch(body, encoding)) throw new VitalsError('too_large', `The body holds more than ${MAX_ELEMENTS} values`);
  try {
    return metricsRequest.decode(body, encoding);
  } catch (error) {
    if (error instanceof OtlpFormatError) throw new VitalsError('invalid', error.message, { cause: error });
    throw error;
  }
}

function isTooMuch(body: Buffer, encoding: OtlpEncoding): boolean {
  try {
    return holdsMoreThan(MAX_ELEMENTS, body, encoding);
  } catch (error) {
    throw new VitalsError('invalid', 'The body is no protobuf', { cause: error });
  }
}
