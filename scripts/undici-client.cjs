/**
 * What the bundle takes of undici: a pool of connections, and its connector. Its index would bring mocks, caches,
 * WebSockets and a second fetch, and would have Node load its own copy of them: a third of the start of a run.
 */
exports.Pool = require('../node_modules/undici/lib/dispatcher/pool.js');
exports.buildConnector = require('../node_modules/undici/lib/core/connect.js');
