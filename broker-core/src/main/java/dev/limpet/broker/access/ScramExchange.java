package dev.limpet.broker.access;

import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.AuthenticationExchange;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Runs the server's side of one SCRAM login. Confined to its client's lane. */
final class ScramExchange implements AuthenticationExchange {

  private enum Stage {
    BEGUN,
    ASKED_FOR_FIRST,
    CHALLENGED,
    ENDED
  }

  /** The client's first message. Immutable. */
  private record First(String gs2Header, String bare, String user, String nonce) {}

  private final Function<String, ScramVerifier> users;
  private final String ownNonce;
  private Stage stage = Stage.BEGUN;
  private @Nullable First first;
  private @Nullable ScramVerifier verifier;
  private String challenge = "";

  /**
   * @param users the verifier of any name, known or not
   * @param ownNonce never used before
   */
  ScramExchange(Function<String, ScramVerifier> users, String ownNonce) {
    this.users = users;
    this.ownNonce = ownNonce;
  }

  @Override
  public CompletionStage<Step> next(@Nullable Buffer data) {
    return CompletableFuture.completedFuture(step(data));
  }

  private Step step(@Nullable Buffer data) {
    boolean empty = data == null || data.length() == 0;
    if (empty && stage == Stage.BEGUN) {
      stage = Stage.ASKED_FOR_FIRST;
      return new Step(null, null);
    }
    String message = empty ? null : ScramText.text(data.getBytes());
    if (message == null) {
      return refused();
    }
    return switch (stage) {
      case BEGUN, ASKED_FOR_FIRST -> challenge(parse(message));
      case CHALLENGED -> check(message);
      case ENDED -> refused();
    };
  }

  private Step refused() {
    stage = Stage.ENDED;
    return new Step(Scram.REFUSED, null);
  }

  /** {@code n,,n=user,r=nonce}; "y" says that the client would have bound the channel. */
  private static @Nullable First parse(String message) {
    String[] parts = message.split(",", -1);
    if (parts.length < 4 || !(parts[0].equals("n") || parts[0].equals("y"))) {
      return null;
    }
    String escaped = ScramText.value(parts[2], 'n');
    String user = escaped == null ? null : ScramText.userName(escaped);
    String nonce = ScramText.value(parts[3], 'r');
    // Acting on behalf of another user is not supported.
    boolean forItself = parts[1].isEmpty() || parts[1].equals("a=" + escaped);
    if (user == null || nonce == null || !forItself) {
      return null;
    }
    String header = parts[0] + "," + parts[1] + ",";
    return new First(header, message.substring(header.length()), user, nonce);
  }

  private Step challenge(@Nullable First said) {
    if (said == null) {
      return refused();
    }
    first = said;
    ScramVerifier keys = users.apply(said.user());
    verifier = keys;
    challenge =
        "r=%s%s,s=%s,i=%d"
            .formatted(said.nonce(), ownNonce, ScramText.base64(keys.salt()), keys.iterations());
    stage = Stage.CHALLENGED;
    return new Step(null, Scram.buffer(challenge));
  }

  /** {@code c=binding,r=nonce,p=proof}. */
  private Step check(String message) {
    First said = first;
    ScramVerifier keys = verifier;
    int proofAt = message.lastIndexOf(",p=");
    if (said == null || keys == null || proofAt < 0) {
      return refused();
    }
    String withoutProof = message.substring(0, proofAt);
    byte[] proof = ScramText.bytes(message.substring(proofAt + 3));
    String binding = ScramText.base64(said.gs2Header().getBytes(StandardCharsets.UTF_8));
    String expected = "c=" + binding + ",r=" + said.nonce() + ownNonce;
    boolean wellFormed = withoutProof.equals(expected) || withoutProof.startsWith(expected + ",");
    if (!wellFormed || proof == null || proof.length != keys.storedKey().length) {
      return refused();
    }
    byte[] all =
        (said.bare() + "," + challenge + "," + withoutProof).getBytes(StandardCharsets.UTF_8);
    byte[] clientKey = ScramKeys.xor(proof, ScramKeys.hmac(keys.storedKey(), all));
    if (!MessageDigest.isEqual(ScramKeys.hash(clientKey), keys.storedKey())) {
      return refused();
    }
    stage = Stage.ENDED;
    String signature = ScramText.base64(ScramKeys.hmac(keys.serverKey(), all));
    return new Step(Authentication.user(said.user()), Scram.buffer("v=" + signature));
  }
}
