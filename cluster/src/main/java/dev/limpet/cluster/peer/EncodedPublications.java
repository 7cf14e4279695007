package dev.limpet.cluster.peer;

import dev.limpet.broker.mqtt.Publication;
import dev.limpet.broker.mqtt.PublicationFormat;
import io.vertx.core.buffer.Buffer;
import java.lang.ref.WeakReference;
import org.jspecify.annotations.Nullable;

/**
 * Serializes a publication once for all the peers it goes to: each thread remembers its last one.
 * Thread-safe.
 */
final class EncodedPublications {

  private record Last(WeakReference<Publication> publication, WeakReference<Buffer> bytes) {}

  private final ThreadLocal<@Nullable Last> last = new ThreadLocal<>();

  Buffer encode(Publication publication) {
    Last known = last.get();
    if (known != null && known.publication.refersTo(publication)) {
      Buffer bytes = known.bytes.get();
      if (bytes != null) {
        return bytes;
      }
    }
    Buffer bytes = Buffer.buffer(publication.bytes() + 64);
    PublicationFormat.write(publication, bytes);
    last.set(new Last(new WeakReference<>(publication), new WeakReference<>(bytes)));
    return bytes;
  }
}
