const settings = undefined;
const { folder } = settings;

export default () => [folder];
