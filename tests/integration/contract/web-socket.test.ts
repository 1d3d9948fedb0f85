import { openSocketDesk } from '../../fakes/desk.ts';
import { contractSuite } from './contract-suite.ts';

contractSuite("the browser shell's WebSocket", openSocketDesk);
