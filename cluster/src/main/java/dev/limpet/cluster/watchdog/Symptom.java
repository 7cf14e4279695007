package dev.limpet.cluster.watchdog;

/**
 * States what does not go on at the moment. Immutable.
 *
 * @param subject tells one case from the next: work that goes on to another subject is not stuck
 * @param sentence for an operator, with its full stop
 * @param mayEnd whether the node may be ended for it; false where that would destroy the only copy
 */
record Symptom(StuckState state, Object subject, String sentence, boolean mayEnd) {

  static Symptom of(StuckState state, Object subject, String sentence) {
    return new Symptom(state, subject, sentence, true);
  }
}
