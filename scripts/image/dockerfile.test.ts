import { describe, expect, it } from 'vitest';
import { readStage } from './dockerfile.ts';

const DOCKERFILE = `
ARG BASE=node:22
FROM \${BASE} AS files
# FROM nothing AS all
RUN one && \\
  two

FROM \${BASE} AS all
USER 1:2
ENV A=b C=d=e \\
  F=g
HEALTHCHECK --interval=1s CMD ["node", "-e", "x ? [0] : \\"1\\""]
ENTRYPOINT ["a"]
CMD ["b", "c"]
`;

describe('readStage', () => {
  it('reads what a stage says of how its image is made and run', () => {
    expect(readStage(DOCKERFILE, 'files')).toMatchObject({ user: 'root', runs: ['one && two'], command: [] });
    expect(readStage(DOCKERFILE, 'all')).toEqual({
      user: '1:2',
      env: { A: 'b', C: 'd=e', F: 'g' },
      runs: [],
      healthcheck: ['node', '-e', 'x ? [0] : "1"'],
      command: ['a', 'b', 'c'],
    });
  });

  it('has nothing to say of a stage that is not there', () => {
    expect(() => readStage(DOCKERFILE, 'nothing')).toThrow('no stage nothing');
  });
});
