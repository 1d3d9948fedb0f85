import type { Root } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTableFromMarkdown } from 'mdast-util-gfm-table';
import { gfmTable } from 'micromark-extension-gfm-table';

/**
 * An article's Markdown (CommonMark and tables) as a tree. HTML in it is not read as HTML: it comes out as the text that was typed.
 */
export function readMarkdown(text: string): Root {
  return fromMarkdown(text, {
    extensions: [gfmTable(), { disable: { null: ['htmlFlow', 'htmlText'] } }],
    mdastExtensions: [gfmTableFromMarkdown()],
  });
}

/** Where a link may lead: https alone, and shown as it is read by machines, so that no other letters stand for the host. */
export function linkAddress(url: string): string | null {
  if (!/^https:\/\//i.test(url)) return null;
  try {
    const { protocol, username, password, href } = new URL(url);
    return protocol === 'https:' && username === '' && password === '' ? href : null;
  } catch {
    return null;
  }
}
