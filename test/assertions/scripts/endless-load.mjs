while (true) {
  // Never loaded.
}
