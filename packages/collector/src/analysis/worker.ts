/** The thread that analyses run in; `workerThread.ts` starts it. */
import { ANALYSES } from './analyses.ts';
import { answerRequests } from './answerRequests.ts';

answerRequests(ANALYSES);
