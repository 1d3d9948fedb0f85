// Words for the person at the terminal. Plain JavaScript: Node 20 runs this before anything is installed.

const tty = process.stderr.isTTY === true;

/** One line for people, on stderr: stdout stays free for results. */
export function say(line) {
  process.stderr.write(`${line}\n`);
}

/** Ends the command with what happened and what to do next. */
export function fail(what, next) {
  say(`\nDangol: ${what}`);
  if (next) say(`  -> ${next}`);
  process.exit(1);
}

/**
 * Shows that something is going on while `work` runs: nothing in the first second, then its name with the seconds
 * (and a count, where `work` reports one through the callback it is given).
 */
export async function withProgress(name, work) {
  const begun = Date.now();
  let detail = '';
  let shown = false;
  const show = () => {
    const seconds = Math.round((Date.now() - begun) / 1000);
    const line = `${name} … ${detail ? `${detail}, ` : ''}${seconds} s`;
    if (tty) process.stderr.write(`\r\u001b[2K${line}`);
    else if (!shown || seconds % 10 === 0) say(line);
    shown = true;
  };
  const timer = setInterval(show, 1000);
  try {
    const result = await work((text) => {
      detail = text;
    });
    if (shown) {
      const line = `${name}: done in ${((Date.now() - begun) / 1000).toFixed(1)} s`;
      if (tty) process.stderr.write(`\r\u001b[2K${line}\n`);
      else say(line);
    }
    return result;
  } catch (error) {
    if (shown && tty) process.stderr.write('\n');
    throw error;
  } finally {
    clearInterval(timer);
  }
}
