import { openPortDesk } from '../../fakes/desk.ts';
import { contractSuite } from './contract-suite.ts';

contractSuite('a MessagePort', openPortDesk);
