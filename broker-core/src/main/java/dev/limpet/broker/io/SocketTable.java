package dev.limpet.broker.io;

import io.netty.util.collection.IntObjectMap;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Finds a socket's entry by its file descriptor: an array, since descriptors are small numbers
 * without gaps, as long as the highest seen. Takes and removes in constant time.
 *
 * <p>{@link #entrySet} and {@link #entries} are copies. Confined to its event loop.
 */
final class SocketTable<V> extends AbstractMap<Integer, V> implements IntObjectMap<V> {
  private static final int LENGTH_FIRST = 1_024;

  private @Nullable Object[] bySocket = new @Nullable Object[LENGTH_FIRST];
  private int size;

  @Override
  public @Nullable V get(int descriptor) {
    return descriptor >= 0 && descriptor < bySocket.length ? at(descriptor) : null;
  }

  @SuppressWarnings("unchecked") // only put writes there
  private @Nullable V at(int descriptor) {
    return (V) bySocket[descriptor];
  }

  /**
   * @throws ArrayIndexOutOfBoundsException if the descriptor is negative: there are none
   */
  @Override
  public @Nullable V put(int descriptor, V value) {
    if (descriptor >= bySocket.length) {
      bySocket = Arrays.copyOf(bySocket, Math.max(descriptor + 1, 2 * bySocket.length));
    }
    V before = at(descriptor);
    bySocket[descriptor] = value;
    size += before == null ? 1 : 0;
    return before;
  }

  @Override
  public @Nullable V remove(int descriptor) {
    V before = get(descriptor);
    if (before != null) {
      bySocket[descriptor] = null;
      size--;
    }
    return before;
  }

  @Override
  public boolean containsKey(int descriptor) {
    return get(descriptor) != null;
  }

  @Override
  public int size() {
    return size;
  }

  @Override
  public void clear() {
    Arrays.fill(bySocket, null);
    size = 0;
  }

  @Override
  public @Nullable V put(Integer descriptor, V value) {
    return put(descriptor.intValue(), value);
  }

  @Override
  public @Nullable V get(Object descriptor) {
    return descriptor instanceof Integer number ? get(number.intValue()) : null;
  }

  @Override
  public @Nullable V remove(Object descriptor) {
    return descriptor instanceof Integer number ? remove(number.intValue()) : null;
  }

  @Override
  public boolean containsKey(Object descriptor) {
    return get(descriptor) != null;
  }

  @Override
  public Set<Map.Entry<Integer, V>> entrySet() {
    Map<Integer, V> copy = new TreeMap<>();
    for (int i = 0; i < bySocket.length; i++) {
      V value = at(i);
      if (value != null) {
        copy.put(i, value);
      }
    }
    return copy.entrySet();
  }

  @Override
  public Iterable<PrimitiveEntry<V>> entries() {
    List<PrimitiveEntry<V>> copy = new ArrayList<>();
    entrySet().forEach(entry -> copy.add(new Place(entry.getKey())));
    return copy;
  }

  /** One socket's, to be read and changed. */
  private final class Place implements PrimitiveEntry<V> {
    private final int descriptor;

    Place(int descriptor) {
      this.descriptor = descriptor;
    }

    @Override
    public int key() {
      return descriptor;
    }

    @Override
    public @Nullable V value() {
      return at(descriptor);
    }

    @Override
    public void setValue(V value) {
      put(descriptor, value);
    }
  }
}
