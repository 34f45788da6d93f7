// The bare undici loop that Assay is measured against: the same calls, nothing else. Arguments: URL, calls, in flight.
import { Agent, request } from 'undici';

const [base, calls, inFlight] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4])];
const dispatcher = new Agent({ connections: inFlight });
let next = 0;
async function worker() {
  while (next < calls) {
    const object = `object ${next++}`;
    const { body } = await request(`${base}/v1beta/models/gemini-3.8-flash:generateContent`, {
      method: 'POST',
      dispatcher,
      headers: { 'content-type': 'application/json', 'x-goog-api-key': 'bench' },
      body: JSON.stringify({ contents: [{ parts: [{ text: `Write a story about ${object}.` }] }] }),
    });
    const reply = JSON.parse(await body.text());
    if (!reply.candidates) throw new Error('no candidates');
  }
}
await Promise.all(Array.from({ length: inFlight }, worker));
await dispatcher.close();
