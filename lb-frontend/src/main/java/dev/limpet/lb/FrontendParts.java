package dev.limpet.lb;

/** What all connections of one frontend share. Immutable; the parts are thread-safe. */
record FrontendParts(
    FrontendOptions options,
    Placement placement,
    LocalHandover local,
    BackendPool backends,
    Admission admission,
    FrontendMetrics metrics) {}
