import { Button } from '@mantine/core';
import { Component, type ErrorInfo, type ReactNode } from 'react';
import { useWords } from '../i18n.ts';
import classes from './components.module.css';

interface Props {
  /** Which part of the desk this is, for the log. */
  name: string;
  children: ReactNode;
}

/** One for each screen: a bug in a list must not take the call bar or the note with it. */
export class ScreenBoundary extends Component<Props, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true };
  }

  override componentDidCatch(error: unknown, info: ErrorInfo): void {
    console.error(`screen ${this.props.name} failed`, error, info.componentStack);
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    return <Broken onRetry={() => this.setState({ failed: false })} />;
  }
}

function Broken({ onRetry }: { onRetry: () => void }) {
  const { t } = useWords();
  return (
    <div className={classes.empty} role="alert">
      <strong>{t('broken.what')}</strong>
      <span>{t('broken.safe')}</span>
      <Button variant="default" onClick={onRetry}>
        {t('broken.again')}
      </Button>
    </div>
  );
}
