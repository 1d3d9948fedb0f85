import type { ReactNode } from 'react';
import classes from './components.module.css';

/** A titled group of facts. Order comes from size and space, not from boxes. */
export function Section({
  title,
  count,
  end,
  children,
}: {
  title: string;
  count?: number;
  end?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={classes.section} aria-label={title}>
      <h3 className={classes.sectionHead}>
        {title}
        {count !== undefined && count > 0 && <span className={classes.sectionCount}>{count}</span>}
        {end && <span className={classes.sectionEnd}>{end}</span>}
      </h3>
      {children}
    </section>
  );
}

export function Quiet({ children }: { children: ReactNode }) {
  return <div className={classes.quiet}>{children}</div>;
}
