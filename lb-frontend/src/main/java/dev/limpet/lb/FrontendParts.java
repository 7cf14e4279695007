package dev.limpet.lb;

import java.util.function.BiConsumer;

/**
 * Groups the parts that all connections of one frontend share. Immutable; the parts are
 * thread-safe.
 */
record FrontendParts(
    FrontendOptions options,
    Placement placement,
    LocalHandover local,
    BackendPool backends,
    FrontendAdmission admission,
    FrontendMetrics metrics,
    BiConsumer<FrontendSocket, String> onRejected) {

  /** Counts and reports a connection this frontend closes. */
  void rejected(FrontendSocket clientSocket, RejectReason reason) {
    metrics.rejected(reason);
    if (!reason.isOrdinary()) {
      onRejected.accept(clientSocket, reason.words());
    }
  }
}
