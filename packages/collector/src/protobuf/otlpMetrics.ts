/**
 * Reads and writes OTLP metrics in both encodings, protobuf and JSON, to and from the plain objects of
 * `otlpMessages.ts`. Unknown fields are skipped. Nothing here limits sizes: whoever reads from strangers does first.
 *
 * OTLP's JSON is not protobuf's: ids are hexadecimal instead of base64, enumerations are numbers.
 */
import protobuf from 'protobufjs/light.js';
import { OTLP_DESCRIPTOR } from './otlpDescriptor.ts';
import type { Exemplar, Metric, MetricsRequest, MetricsResponse, RpcStatus } from './otlpMessages.ts';

/** Media types of the two encodings. */
export const OTLP_CONTENT_TYPES = { protobuf: 'application/x-protobuf', json: 'application/json' } as const;
export type OtlpEncoding = keyof typeof OTLP_CONTENT_TYPES;

/** A body that is no message of the type it is read as. */
export class OtlpFormatError extends Error {
  override readonly name = 'OtlpFormatError';
}

const ROOT = protobuf.Root.fromJSON(OTLP_DESCRIPTOR);

/** One message in both encodings. */
export interface OtlpCodec<Message> {
  /** @throws OtlpFormatError */
  decode(bytes: Uint8Array, encoding: OtlpEncoding): Message;
  encode(message: Message, encoding: OtlpEncoding): Uint8Array;
}

/** Applies `convert` to the ids of a message, in place: bytes in protobuf and inside, hexadecimal text in JSON. */
type ConvertIds<Message> = (message: Message, convert: (id: unknown) => unknown) => void;

const hexToBytes = (id: unknown) => Buffer.from(String(id), 'hex');
const base64ToHex = (id: unknown) => Buffer.from(String(id), 'base64').toString('hex');

function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
}

function createCodec<Message extends object>(typeName: string, convertIds: ConvertIds<Message>): OtlpCodec<Message> {
  const type = ROOT.lookupType(typeName);

  function fromJson(bytes: Uint8Array): protobuf.Message {
    const message = parseJson(bytes) as Message;
    convertIds(message, hexToBytes);
    return type.fromObject(message as { [key: string]: unknown });
  }

  return {
    decode(bytes, encoding) {
      try {
        const typed = encoding === 'protobuf' ? type.decode(bytes) : fromJson(bytes);
        return type.toObject(typed, { longs: Number }) as Message;
      } catch (error) {
        throw new OtlpFormatError(`The body is no ${typeName} in ${encoding}`, { cause: error });
      }
    },

    encode(message, encoding) {
      const typed = type.fromObject(message as { [key: string]: unknown });
      if (encoding === 'protobuf') return type.encode(typed).finish();
      const json = type.toObject(typed, { longs: String, bytes: String, json: true }) as Message;
      convertIds(json, base64ToHex);
      return Buffer.from(JSON.stringify(json));
    },
  };
}

/** Every exemplar's ids of a request that may not have its right shape yet. */
function convertExemplarIds(request: MetricsRequest, convert: (id: unknown) => unknown): void {
  for (const { scopeMetrics } of request.resourceMetrics ?? []) {
    for (const { metrics } of scopeMetrics ?? []) {
      for (const metric of metrics ?? []) for (const exemplar of exemplarsOf(metric)) convertIdsOf(exemplar, convert);
    }
  }
}

function* exemplarsOf(metric: Metric): Iterable<Exemplar> {
  const { gauge, sum, histogram, exponentialHistogram } = metric;
  for (const data of [gauge, sum, histogram, exponentialHistogram]) {
    for (const { exemplars } of data?.dataPoints ?? []) yield* exemplars ?? [];
  }
}

function convertIdsOf(exemplar: Exemplar, convert: (id: unknown) => unknown): void {
  if (exemplar.traceId !== undefined) exemplar.traceId = convert(exemplar.traceId) as Uint8Array;
  if (exemplar.spanId !== undefined) exemplar.spanId = convert(exemplar.spanId) as Uint8Array;
}

const hasNoIds = () => {};

/** What an exporter posts to `/v1/metrics`. */
export const metricsRequest = createCodec<MetricsRequest>('ExportMetricsServiceRequest', convertExemplarIds);

/** The answer to it. */
export const metricsResponse = createCodec<MetricsResponse>('ExportMetricsServiceResponse', hasNoIds);

/** The body of an error. */
export const rpcStatus = createCodec<RpcStatus>('Status', hasNoIds);
