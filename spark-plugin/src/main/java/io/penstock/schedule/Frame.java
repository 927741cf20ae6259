package io.penstock.schedule;

/**
 * Frame that crosses from one rank to another: activations forward, gradients backward. Immutable.
 *
 * @param maker the compute action that makes it
 * @param user the compute action that uses it
 */
record Frame(Action maker, Action user) {
  Action send() {
    return maker.as(user.kind() == ActionKind.F ? ActionKind.SEND_F : ActionKind.SEND_B);
  }

  Action receive() {
    return user.as(user.kind() == ActionKind.F ? ActionKind.RECV_F : ActionKind.RECV_B);
  }
}
