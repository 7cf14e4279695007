package dev.limpet.broker.io;

import io.netty.channel.EventLoop;
import io.netty.util.collection.IntObjectMap;
import java.lang.reflect.Field;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Replaces the socket table of an event loop on epoll. Netty's hash map stores each number at the
 * slot it names, and sockets have neighbouring numbers: a removal walks through all entries behind
 * it, so that closing one of 100,000 connections costs 100,000 steps.
 *
 * <p>Netty has no option for it, so this sets a private field; where a version has another name for
 * it, or the transport is another, loops stay as they are. Stateless.
 */
final class LoopSockets {
  private static final Logger LOG = LoggerFactory.getLogger(LoopSockets.class);

  /** From a loop to its table, each a field of the object in the one before; empty if unknown. */
  private static final List<Field> PATH = path();

  private LoopSockets() {}

  /** Replaces the table and keeps its entries. Call on the event loop. */
  static void straighten(EventLoop loop) {
    Object owner = owner(loop);
    try {
      if (owner != null && table(owner) instanceof IntObjectMap<?> old) {
        PATH.get(1).set(owner, copy(old));
      }
    } catch (IllegalAccessException e) {
      LOG.debug("Could not replace the socket table of {}", loop, e);
    }
  }

  private static <V> SocketTable<V> copy(IntObjectMap<V> old) {
    SocketTable<V> copy = new SocketTable<>();
    old.entries().forEach(entry -> copy.put(entry.key(), entry.value()));
    return copy;
  }

  /** Returns a loop's table, for the test; null if unknown. */
  static @Nullable Object tableOf(EventLoop loop) throws IllegalAccessException {
    Object owner = owner(loop);
    return owner == null ? null : table(owner);
  }

  private static @Nullable Object owner(EventLoop loop) {
    try {
      if (PATH.isEmpty() || !PATH.get(0).getDeclaringClass().isInstance(loop)) {
        return null;
      }
      Object owner = PATH.get(0).get(loop);
      return PATH.get(1).getDeclaringClass().isInstance(owner) ? owner : null;
    } catch (IllegalAccessException e) {
      LOG.debug("{} does not give access to its internals", loop, e);
      return null;
    }
  }

  private static @Nullable Object table(Object owner) throws IllegalAccessException {
    return PATH.get(1).get(owner);
  }

  private static List<Field> path() {
    try {
      return List.of(
          field("io.netty.channel.SingleThreadIoEventLoop", "ioHandler"),
          field("io.netty.channel.epoll.EpollIoHandler", "registrations"));
    } catch (ReflectiveOperationException | LinkageError | RuntimeException e) {
      LOG.debug("This version of Netty stores its sockets differently", e);
      return List.of();
    }
  }

  private static Field field(String type, String name) throws ReflectiveOperationException {
    Field field = Class.forName(type).getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }
}
