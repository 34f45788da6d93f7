export default () =>
  new Promise(() => {
    setTimeout(() => {
      throw new Error('too late');
    }, 10);
  });
