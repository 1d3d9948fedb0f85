import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDeskFile } from '../../../src/main/desk-file.ts';
import { failureText } from '../../../src/main/electron/failure-text.ts';
import { DangolError, ErrorCode } from '../../../src/shared/errors.ts';

/** What reading this configuration file throws. */
function failureOf(config: string): DangolError {
  const folder = mkdtempSync(join(tmpdir(), 'dangol-broken-'));
  try {
    writeFileSync(join(folder, 'dangol.json'), config);
    readDeskFile(folder, { centralUrl: null, allowKeyFile: false, allowHttp: false });
  } catch (error) {
    if (error instanceof DangolError) return error;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
  throw new Error('the file was read');
}

describe('a desk that cannot start says in its box', () => {
  it('what happened, what is safe and what to do, in the language of the system; the file stands under it', () => {
    const broken = failureOf('{ "centralUrl": ');
    const korean = failureText(broken, 'ko-KR').split('\n');
    expect(korean.slice(0, 3)).toEqual([
      '설정 파일이 잘못되었습니다.',
      '저장한 내용은 안전합니다.',
      '관리자에게 알려 주세요.',
    ]);
    expect(korean.at(-1)).toMatch(/^CONFIG_BROKEN: .*dangol\.json/);
    expect(failureText(broken, 'en-GB').split('\n').slice(0, 3)).toEqual([
      'The configuration is broken.',
      'Saved work is safe.',
      'Tell your administrator.',
    ]);
  });

  it('and has words for every failure, in every language of a system', () => {
    for (const code of ErrorCode.options)
      for (const locale of ['ko', 'en-US', 'de'])
        expect(failureText(new DangolError(code, 'none', { detail: 'detail' }), locale)).toMatch(
          new RegExp(`^.+\\n.+\\n\\n${code}: detail$`),
        );
  });
});
