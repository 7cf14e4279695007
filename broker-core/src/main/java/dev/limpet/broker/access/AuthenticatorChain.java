package dev.limpet.broker.access;

import dev.limpet.broker.mqtt.ConnectRequest;
import dev.limpet.broker.mqtt.ReasonCode;
import dev.limpet.broker.spi.Authentication;
import dev.limpet.broker.spi.Authenticator;
import dev.limpet.broker.spi.ClientOrigin;
import dev.limpet.broker.spi.Decision;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/**
 * Combines several authenticators: the first that does not ignore a client decides; a client all
 * ignore is refused. Immutable.
 */
public final class AuthenticatorChain implements Authenticator {

  /** Admits clients without a user name; ignores clients with one. */
  public static final Authenticator UNNAMED =
      (request, origin) ->
          CompletableFuture.completedFuture(
              request.userName() == null ? Authentication.ANONYMOUS : Authentication.IGNORE);

  private final List<Authenticator> links;

  /**
   * @param links in the order they are asked
   */
  public AuthenticatorChain(List<Authenticator> links) {
    this.links = List.copyOf(links);
  }

  @Override
  public CompletionStage<Authentication> authenticate(ConnectRequest request, ClientOrigin origin) {
    return ask(0, request, origin);
  }

  @Override
  public void onRevoked(Consumer<Set<String>> listener) {
    links.forEach(link -> link.onRevoked(listener));
  }

  private CompletionStage<Authentication> ask(
      int from, ConnectRequest request, ClientOrigin origin) {
    for (int i = from; i < links.size(); i++) {
      CompletableFuture<Authentication> answer =
          links.get(i).authenticate(request, origin).toCompletableFuture();
      if (!answer.isDone()) {
        int next = i + 1;
        return answer.thenCompose(
            known ->
                known.decision() == Decision.IGNORE
                    ? ask(next, request, origin)
                    : CompletableFuture.completedFuture(known));
      }
      if (answer.isCompletedExceptionally() || answer.join().decision() != Decision.IGNORE) {
        return answer;
      }
    }
    return CompletableFuture.completedFuture(refusal(request));
  }

  /** The same whether the user is unknown or the password wrong: who guesses learns nothing. */
  private static Authentication refusal(ConnectRequest request) {
    return Authentication.deny(
        request.userName() == null
            ? ReasonCode.NOT_AUTHORIZED
            : ReasonCode.BAD_USER_NAME_OR_PASSWORD);
  }
}
