import type { AlignType, Nodes, PhrasingContent, RootContent, Table } from 'mdast';
import { Fragment, type ReactNode, useMemo } from 'react';
import { linkAddress, readMarkdown } from '../../lib/markdown.ts';
import classes from './knowledge.module.css';

/**
 * Markdown as React elements: no HTML string is ever made. What has no element here (pictures, raw HTML) is shown as
 * text or left out; a link is its text and its address, to read and to copy: a desk opens no pages.
 */
export function Markdown({ text }: { text: string }) {
  const root = useMemo(() => readMarkdown(text), [text]);
  return <div className={classes.markdown}>{all(root.children)}</div>;
}

/** What is nested deeper than anybody reads is left out: a hostile text must not fill the stack. */
const DEEPEST = 24;

function all(nodes: readonly RootContent[], depth = 0): ReactNode {
  if (depth > DEEPEST) return null;
  // biome-ignore lint/suspicious/noArrayIndexKey: nodes have no names, and the text is read anew as a whole
  return nodes.map((node, index) => <Fragment key={index}>{one(node, depth + 1)}</Fragment>);
}

function one(node: RootContent, depth: number): ReactNode {
  switch (node.type) {
    case 'paragraph':
      return <p>{all(node.children, depth)}</p>;
    case 'heading':
      // The article's title is the heading above.
      return node.depth <= 2 ? <h4>{all(node.children, depth)}</h4> : <h5>{all(node.children, depth)}</h5>;
    case 'text':
      return node.value;
    case 'strong':
      return <strong>{all(node.children, depth)}</strong>;
    case 'emphasis':
      return <em>{all(node.children, depth)}</em>;
    case 'inlineCode':
      return <code>{node.value}</code>;
    case 'code':
      return <pre>{node.value}</pre>;
    case 'break':
      return <br />;
    case 'thematicBreak':
      return <hr />;
    case 'blockquote':
      return <blockquote>{all(node.children, depth)}</blockquote>;
    case 'list': {
      const items = all(node.children, depth);
      return node.ordered ? <ol start={node.start ?? 1}>{items}</ol> : <ul>{items}</ul>;
    }
    case 'listItem':
      return <li>{all(node.children, depth)}</li>;
    case 'table':
      return <TableOf table={node} depth={depth} />;
    case 'link':
      return <LinkText url={node.url}>{all(node.children, depth)}</LinkText>;
    case 'image':
      return node.alt ?? '';
    case 'definition':
      return <Definition label={node.label ?? node.identifier} url={node.url} />;
    default:
      return textOf(node, depth);
  }
}

/** As it was written: a reference that leads nowhere, or something of a later Markdown. */
function textOf(node: Nodes, depth: number): ReactNode {
  if (node.type === 'html') return node.value;
  return 'children' in node ? all(node.children as PhrasingContent[], depth) : null;
}

/** Where the links by this name lead. */
function Definition({ label, url }: { label: string; url: string }) {
  const address = linkAddress(url);
  return address === null ? null : <p className={classes.address}>{`[${label}] ${address}`}</p>;
}

function LinkText({ url, children }: { url: string; children: ReactNode }) {
  const address = linkAddress(url);
  if (address === null) return children;
  return (
    <span>
      {children} <span className={classes.address}>({address})</span>
    </span>
  );
}

function TableOf({ table, depth }: { table: Table; depth: number }) {
  const [head, ...rows] = table.children;
  const align = (index: number) => ({ textAlign: (table.align?.[index] as AlignType) ?? undefined });
  return (
    <table>
      <thead>
        <tr>
          {head?.children.map((cell, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: cells have no names
            <th key={index} scope="col" style={align(index)}>
              {all(cell.children, depth)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, place) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no names
          <tr key={place}>
            {row.children.map((cell, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: cells have no names
              <td key={index} style={align(index)}>
                {all(cell.children, depth)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
