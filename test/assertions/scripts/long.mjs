export default () => 'x'.repeat(100_000);
