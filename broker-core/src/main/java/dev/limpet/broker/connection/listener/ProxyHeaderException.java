package dev.limpet.broker.connection.listener;

/** Reports bytes that are not a valid PROXY header. */
final class ProxyHeaderException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ProxyHeaderException(String why) {
    super(why, null, false, false); // a stranger's bytes are not worth a stack trace
  }
}
