import { z } from 'zod';

// Must be imported before any schema is made: each would otherwise try to compile itself, which the page policy forbids and
// reports. The one import of the desk that does something.
z.config({ jitless: true });
