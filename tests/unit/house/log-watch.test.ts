import { expect, test } from 'vitest';
import { secretsIn } from '../../fakes/log-watch.ts';

// What every test with real servers is watched for: tests/fakes/call-centre.ts looks through their logs when it ends.

test.each([
  '{"msg":"dial","to":"+821000001234"}',
  'call from 010-0000-1234',
  'From: <sip:01000001234@pbx.test>',
  'to +1 415 555 0123',
  'password: "practice-secret"',
  'authorization: Bearer abcdef',
  'token eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0',
  '{"secret":"centre-loopback"}',
])('found: %s', (line) => {
  expect(secretsIn(`{"level":30}\n${line}\n`)).toEqual([line]);
});

test.each([
  '{"level":30,"time":"2026-11-23T05:00:00.000Z","route":"/v1/sync/pull","status":200,"ms":12}',
  '{"at":1795408130747,"id":"01a206a9-f2ba-7160-b290-010000001234"}',
  '{"reason":"wrong_password","nextTryInMs":60000}',
  '{"error":"TOKEN_EXPIRED"}',
])('not meant: %s', (line) => {
  expect(secretsIn(line)).toEqual([]);
});
