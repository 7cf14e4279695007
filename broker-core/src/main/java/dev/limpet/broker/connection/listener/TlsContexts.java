package dev.limpet.broker.connection.listener;

import dev.limpet.broker.files.FileProblemException;
import dev.limpet.broker.files.FileWatch;
import dev.limpet.broker.files.ReadableFile;
import dev.limpet.broker.files.Watched;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandler;
import io.netty.handler.ssl.ClientAuth;
import io.netty.handler.ssl.SniHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the certificates of one listener and rereads them when their files change: the next
 * handshake uses them, open connections keep theirs. Thread-safe.
 */
final class TlsContexts {
  private final Watched<List<Named>> contexts;
  private final int handshakeMillisMax;

  /** One certificate and the host names it is for, in lower case. */
  private record Named(List<String> hosts, SslContext context) {}

  TlsContexts(TlsOptions options, int handshakeMillisMax, FileWatch watch) throws IOException {
    this.contexts = watch.watch(options.files(), files -> load(options));
    this.handshakeMillisMax = handshakeMillisMax;
  }

  private static List<Named> load(TlsOptions options) throws IOException {
    List<Named> all = new ArrayList<>();
    for (TlsOptions.Identity identity : options.identities()) {
      all.add(
          new Named(CertificateNames.hosts(identity.certificate()), context(identity, options)));
    }
    return List.copyOf(all);
  }

  private static SslContext context(TlsOptions.Identity identity, TlsOptions options)
      throws IOException {
    for (Path file : options.files()) {
      ReadableFile.require(file);
    }
    PemKey key = PemKey.read(identity.key());
    try (InputStream certificate = Files.newInputStream(identity.certificate())) {
      SslContextBuilder builder =
          SslContextBuilder.forServer(certificate, key.pem()).sslProvider(SslProvider.JDK);
      if (options.clientCa() != null) {
        builder.trustManager(options.clientCa().toFile()).clientAuth(ClientAuth.REQUIRE);
      }
      SslContext context = builder.build();
      KeyMatch.require(identity.certificate(), identity.key(), key);
      return context;
    } catch (IllegalArgumentException | SSLException e) {
      throw new FileProblemException(
          "cannot make TLS of %s and %s%s: write PEM, the key unencrypted, best in PKCS#8 (%s)"
              .formatted(
                  identity.certificate(),
                  identity.key(),
                  options.clientCa() == null ? "" : " with clients of " + options.clientCa(),
                  e.getMessage()),
          e);
    }
  }

  /** The handler of a new connection. */
  ChannelHandler newHandler(ByteBufAllocator allocator) {
    List<Named> now = contexts.get();
    return now.size() == 1
        ? newSslHandler(now.get(0).context(), allocator)
        : new SniHandler(host -> choose(now, host)) {
          @Override
          protected SslHandler newSslHandler(SslContext context, ByteBufAllocator alloc) {
            return TlsContexts.this.newSslHandler(context, alloc);
          }
        };
  }

  private SslHandler newSslHandler(SslContext context, ByteBufAllocator allocator) {
    SslHandler handler = context.newHandler(allocator);
    handler.setHandshakeTimeoutMillis(handshakeMillisMax);
    return handler;
  }

  private static SslContext choose(List<Named> all, @Nullable String host) {
    String name = host == null ? "" : host.toLowerCase(Locale.ROOT);
    for (Named each : all) {
      if (each.hosts().contains(name) || each.hosts().contains(wildcard(name))) {
        return each.context();
      }
    }
    return all.get(0).context();
  }

  /** The name with its first label open, as certificates write it. */
  private static String wildcard(String name) {
    int dot = name.indexOf('.');
    return dot < 0 ? name : "*" + name.substring(dot);
  }
}
