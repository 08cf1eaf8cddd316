import { describe, expect, it } from 'vitest';
import { sampledTrace } from './traceContext.ts';

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN_ID = '00f067aa0ba902b7';
const TRACE = { traceId: TRACE_ID, spanId: SPAN_ID };

describe('a sampled trace', () => {
  it.each([
    `00-${TRACE_ID}-${SPAN_ID}-01`,
    `00-${TRACE_ID}-${SPAN_ID}-ff`,
    `01-${TRACE_ID}-${SPAN_ID}-03`,
    `cc-${TRACE_ID}-${SPAN_ID}-01-what-the-future-will-be-like`,
  ])('is read from %s', (traceparent) => {
    expect(sampledTrace(traceparent)).toEqual(TRACE);
  });

  it.each([
    ['that was not sampled', `00-${TRACE_ID}-${SPAN_ID}-00`],
    ['of a version that there cannot be', `ff-${TRACE_ID}-${SPAN_ID}-01`],
    ['that says more than its version may', `00-${TRACE_ID}-${SPAN_ID}-01-more`],
    ['that goes on without a dash', `01-${TRACE_ID}-${SPAN_ID}-01more`],
    ['without a trace', `00-${'0'.repeat(32)}-${SPAN_ID}-01`],
    ['without a span', `00-${TRACE_ID}-${'0'.repeat(16)}-01`],
    ['in capitals', `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`],
    ['with white space', `00-${TRACE_ID}-${SPAN_ID}-01\n`],
    ['that is cut', `00-${TRACE_ID}-${SPAN_ID}-0`],
    ['that is too long', `01-${TRACE_ID}-${SPAN_ID}-01-${'x'.repeat(300)}`],
    ['that is empty', ''],
    ['that is a number', 1],
    ['that is a list', [`00-${TRACE_ID}-${SPAN_ID}-01`]],
  ])('is not read from one %s', (_, traceparent) => {
    expect(sampledTrace(traceparent)).toBeUndefined();
  });
});
