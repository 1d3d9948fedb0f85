import classes from './phone-page.module.css';

/** A row of buttons. */
export function Acts({ acts }: { acts: Readonly<Record<string, () => void>> }) {
  return (
    <div className={classes.acts}>
      {Object.entries(acts).map(([label, act]) => (
        <button key={label} type="button" onClick={act}>
          {label}
        </button>
      ))}
    </div>
  );
}
