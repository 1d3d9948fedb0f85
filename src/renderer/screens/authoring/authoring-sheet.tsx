import { useState } from 'react';
import { newId } from '../../../shared/ids.ts';
import { ArticleEditor } from './article-editor.tsx';
import { ArticleShelf } from './article-shelf.tsx';

/** Where supervisors write: every article, or one at work. */
export function AuthoringSheet() {
  const [open, setOpen] = useState<{ id: string; isNew: boolean } | null>(null);
  if (open) {
    return <ArticleEditor key={open.id} articleId={open.id} isNew={open.isNew} onBack={() => setOpen(null)} />;
  }
  return <ArticleShelf onOpen={(article) => setOpen(article ?? { id: newId(), isNew: true })} />;
}
