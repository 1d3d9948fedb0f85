import { renderToStaticMarkup } from 'react-dom/server';
import { describe, expect, test } from 'vitest';
import { linkAddress } from '../../../src/renderer/lib/markdown.ts';
import { Markdown } from '../../../src/renderer/screens/knowledge/markdown.tsx';

const html = (text: string) => renderToStaticMarkup(<Markdown text={text} />);
/** What a reader sees. */
const seen = (text: string) =>
  html(text)
    .replace(/<[^>]*>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&');

describe('the Markdown of an article', () => {
  test('headings, lists, emphasis, quotes and tables are what they look like', () => {
    expect(html('## 먼저\n\n1. **하나**\n2. *둘*\n\n> 말\n\n- 셋')).toMatch(
      /<h4>먼저<\/h4><ol start="1"><li>.*<strong>하나<\/strong>.*<em>둘<\/em>.*<\/ol><blockquote><p>말<\/p><\/blockquote><ul><li>.*셋/,
    );
    expect(html('| 기간 | 비율 |\n| --- | ---: |\n| 6개월 | 100% |')).toContain(
      '<th scope="col" style="text-align:right">비율</th>',
    );
  });

  test.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    'a <b onmouseover="alert(1)">b</b>',
    '<!-- -->\n<iframe src="https://x.example">',
    '<svg/onload=alert(1)>',
    '<a href="javascript:alert(1)">x</a>',
  ])('HTML is shown as it was typed: %s', (text) => {
    expect(html(text)).not.toMatch(/<(script|img|b|iframe|svg|a)[\s/>]/);
    expect(seen(text)).toContain(text.split('\n').at(-1)?.trim() ?? '');
  });

  test('a link is its text and its https address; every other one is its text alone; nothing leads anywhere', () => {
    expect(seen('[도움말](https://help.example/a?b=1)')).toBe('도움말 (https://help.example/a?b=1)');
    for (const url of [
      'http://x.example',
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'https://user:secret@x.example',
      '//x.example',
      '/path',
      'tel:01000001234',
      'vbscript:x',
    ]) {
      expect(seen(`[글](${url})`)).toBe('글');
      expect(linkAddress(url)).toBeNull();
    }
    const all = html('[a](https://x.example) <https://y.example> ![그림](https://z.example/p.png "t")');
    expect(all).not.toMatch(/<(a|img)[\s>]|href|src=/);
    expect(seen('![그림](https://z.example/p.png)')).toBe('그림');
  });

  test('a link by reference keeps every word of its text, and its address stands where it was defined', () => {
    const text = seen('[**환불** 불가][1]\n\n[1]: https://help.example/a\n[나쁜]: javascript:alert(1)');
    expect(text).toContain('환불 불가');
    expect(text).toContain('[1] https://help.example/a');
    expect(text).not.toContain('javascript');
  });

  test('an address is shown as machines read it: no look-alike letters', () => {
    expect(linkAddress('https://dаngol.example/')).toBe('https://xn--dngol-4ve.example/');
  });

  test('what is nested without end, or very long, neither fails nor takes for ever', () => {
    for (const text of [
      '> '.repeat(5000),
      '- '.repeat(3000),
      '*a '.repeat(6000),
      '['.repeat(9000),
      '|'.repeat(9000),
      '`'.repeat(19_000),
    ]) {
      expect(html(text).length).toBeGreaterThan(0);
    }
  });
});
