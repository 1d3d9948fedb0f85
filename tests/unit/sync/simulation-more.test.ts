import { everySeedHolds } from './many-seeds.ts';

// The other half, in a file of its own: files run side by side.
everySeedHolds({ first: 1001, seeds: 1000 });
