package dev.limpet.broker.unbreakable;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Stands in for ports and lets one method of theirs fail in one way, when it is about the hostile
 * client. Thread-safe.
 */
final class Saboteur {
  /** Whatever has this in its name is sabotaged. */
  static final String VICTIM = "hostile";

  /** How a port can let its caller down. */
  enum Failure {
    THROWS,
    THROWS_AN_ERROR,
    FAILS,
    ANSWERS_NOTHING,
    NEVER_ANSWERS
  }

  private volatile @Nullable String method;
  private volatile Failure failure = Failure.THROWS;
  private final AtomicInteger calls = new AtomicInteger();

  /** From now on calls of this method go wrong. */
  void sabotage(String name, Failure how) {
    calls.set(0);
    failure = how;
    method = name;
  }

  void stop() {
    method = null;
  }

  /** How often a call went wrong. */
  int calls() {
    return calls.get();
  }

  /** A port that works but for the sabotage. */
  <T> UnaryOperator<T> around(Class<T> port) {
    return real -> port.cast(proxy(port, real));
  }

  <T> T around(Class<T> port, T real) {
    return port.cast(proxy(port, real));
  }

  private Object proxy(Class<?> port, Object real) {
    InvocationHandler handler =
        (proxy, called, arguments) -> {
          if (isMeant(called, arguments)) {
            calls.incrementAndGet();
            return fail();
          }
          try {
            return called.invoke(real, arguments);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        };
    return Proxy.newProxyInstance(port.getClassLoader(), new Class<?>[] {port}, handler);
  }

  private boolean isMeant(Method called, Object @Nullable [] arguments) {
    return called.getName().equals(method)
        && arguments != null
        && Arrays.deepToString(arguments).contains(VICTIM);
  }

  private @Nullable Object fail() {
    switch (failure) {
      case THROWS -> throw new IllegalStateException("sabotage");
      case THROWS_AN_ERROR -> throw new StackOverflowError("sabotage");
      case FAILS -> {
        return CompletableFuture.failedFuture(new IllegalStateException("sabotage"));
      }
      case NEVER_ANSWERS -> {
        return new CompletableFuture<>();
      }
      default -> {
        return null;
      }
    }
  }
}
