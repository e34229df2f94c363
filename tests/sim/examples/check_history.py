#!/usr/bin/env python3
"""Judges a history written by `make sim HISTORY=file`, knowing nothing of Counterfoil but docs/CHECKING.md.

Checks, for each story: the bank total, that no acknowledged sale is lost, that a code is redeemed once and by one
customer, that what a device reads never goes back, that orders are kept and no unit is delivered twice, and that the
books with the provider are what the orders come to. Ends with status 1 when one of them does not hold.
"""

import json
import sys
from collections import defaultdict


def stories(path):
    """The lines of each story, in order."""
    story = []
    with open(path, encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if event["what"] == "begin" and story:
                yield story
                story = []
            story.append(event)
    if story:
        yield story


def ended(event):
    return isinstance(event["result"], dict) and "refused" in event["result"]


def bank_total(story):
    """Funded equals available, reserved and spent, and is what staff moved in and out."""
    moved, before = defaultdict(int), {}
    for event in story:
        arguments, result = event["arguments"], event["result"]
        if event["what"] == "move_credits" and result == "ok":
            sign = -1 if arguments["kind"] == "debit" else 1
            moved[arguments["reseller"]] += sign * arguments["amount"]
        if event["what"] == "restored":
            # What was moved after the backup is gone with it.
            return
        if event["what"] == "books":
            parts = result["available"] + result["reserved"] + result["spent"]
            if result["funded"] != parts:
                yield f"{arguments['reseller']}: funded {result['funded']} is not {parts}"
            if result["reserved"] < 0 or result["spent"] < 0:
                yield f"{arguments['reseller']}: below zero: {result}"
            first = before.setdefault(arguments["reseller"], result["funded"] - moved[arguments["reseller"]])
            if result["funded"] != first + moved[arguments["reseller"]]:
                yield f"{arguments['reseller']}: funded {result['funded']}, moved {moved[arguments['reseller']]} after {first}"


def no_lost_sale(story):
    """Every code a shop saw on its screen is known to Central at the end, once."""
    shown, known = {}, defaultdict(int)
    for event in story:
        if event["what"] == "sell" and isinstance(event["result"], list):
            for code in event["result"]:
                other = shown.setdefault(code["serial"], code["code"])
                if other != code["code"]:
                    yield f"{code['serial']} was shown as two codes"
        if event["what"] == "codes":
            for code in event["result"]:
                known[code["serial"]] += 1
    if not known:
        return
    for serial in shown:
        if known[serial] != 1:
            yield f"{serial} was sold and Central has it {known[serial]} times"


def redeemed_once(story):
    """One customer for each code; the first success is no repeat, every later one is."""
    owner = {}
    for event in story:
        if event["what"] == "restored":
            owner.clear()
        if event["what"] != "redeem" or ended(event):
            continue
        code, who = event["arguments"]["code"], event["who"]
        if owner.setdefault(code, who) != who:
            yield f"a code of {owner[code]} was redeemed by {who}"
        elif event["result"]["repeated"] is False and (code, "first") in owner:
            yield f"{who} redeemed one code twice"
        if event["result"]["repeated"] is False:
            owner[(code, "first")] = who


def monotonic_reads(story):
    """Within one epoch of Central, the version a device is given never goes back."""
    last = {}
    for event in sorted(story, key=lambda event: event["invoked"]["event"]):
        if event["what"] == "pull":
            key = (event["who"], event["result"]["epoch"])
            if event["result"]["version"] < last.get(key, 0) and event["arguments"]["from_start"] is False:
                yield f"{event['who']} read version {event['result']['version']} after {last[key]}"
            last[key] = event["result"]["version"]


def orders_kept(story):
    """Every order that was answered is known at the end, at the total that was told; no unit is delivered twice."""
    told, known = {}, {}
    for event in story:
        if event["what"] == "restored":
            # What was ordered after the backup is gone with it.
            told.clear()
        if event["what"] == "order" and isinstance(event["result"], dict) and "contract_id" in event["result"]:
            placed = event["arguments"]["placed"]
            told[event["arguments"]["order_id"]] = event["result"]["total"] if placed else None
        if event["what"] == "orders":
            for order in event["result"]:
                if order["order_id"] in known:
                    yield f"order {order['order_id']} is there twice"
                known[order["order_id"]] = order
    if not any(event["what"] == "orders" for event in story):
        return
    for order, total in told.items():
        if order not in known:
            yield f"order {order} was taken and Central does not have it"
        elif total is not None and known[order]["total"] != total:
            yield f"order {order} was placed at {total} and costs {known[order]['total']}"
    for name, order in known.items():
        if not 0 <= order["delivered"] <= order["quantity"]:
            yield f"{order['delivered']} of {order['quantity']} units of order {name} are delivered"
        if not 0 <= order["refunded"] <= order["total"]:
            yield f"{order['refunded']} of {order['total']} of order {name} went back"


def provider_books(story):
    """What customers paid and did not get back is owed or paid to the provider, or is markup."""
    paid = defaultdict(int)
    for event in story:
        if event["what"] == "orders":
            for order in event["result"]:
                if order["state"] not in ("draft", "placed", "cancelled"):
                    paid[order["shop"]] += order["total"] - order["refunded"]
        if event["what"] == "provider_books":
            for books in event["result"]:
                shop, customers = books["shop"], books["customers"]
                if customers != books["payable"] + books["settled"] + books["markup"]:
                    yield f"{shop}: {books} does not add up"
                if customers != paid[shop]:
                    yield f"{shop}: the books say {customers}, the orders come to {paid[shop]}"


CHECKS = [bank_total, no_lost_sale, redeemed_once, monotonic_reads, orders_kept, provider_books]


def main(path):
    faults = events = count = 0
    for story in stories(path):
        count += 1
        events += len(story)
        for check in CHECKS:
            for fault in check(story):
                faults += 1
                print(f"story {story[0]['story']}: {check.__name__}: {fault}")
    names = ", ".join(check.__name__ for check in CHECKS)
    print(f"{count} stories, {events} events, {faults} faults ({names})")
    return 1 if faults or not count else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
