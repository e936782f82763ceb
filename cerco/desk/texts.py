"""What the pages say, by the names under which it stands in the catalogues.

In:    the catalogues.
Out:   `TEXTS`.
Never: a text that no page says, or a page that says what no catalogue has: both fail when this is loaded.
"""

from cerco.decide.wording import Section, Wording, texts


class PageTexts(Section):
    """The notice pages: frame, notice, home, and what is shown in place of a notice."""

    language: Wording
    about: Wording
    stopped: Wording
    asks: Wording
    open: Wording
    used: Wording
    over: Wording
    limited: Wording
    labelled: Wording
    passed: Wording
    stopped_lead: Wording
    asks_lead: Wording
    open_lead: Wording
    used_lead: Wording
    over_lead: Wording
    limited_lead: Wording
    labelled_lead: Wording
    passed_lead: Wording
    reference: Wording
    time: Wording
    destination: Wording
    what: Wording
    unchecked: Wording
    kind: Wording
    where: Wording
    sample: Wording
    more_places: Wording
    why: Wording
    law: Wording
    rule_stop: Wording
    rule_ask: Wording
    rule_unread: Wording
    next: Wording
    next_wrong: Wording
    share: Wording
    policy: Wording
    ask: Wording
    ask_nobody: Wording
    regulator: Wording
    missing: Wording
    missing_lead: Wording
    missing_check: Wording
    missing_device: Wording
    crowded: Wording
    crowded_lead: Wording
    home: Wording
    home_lead: Wording
    look_up_label: Wording
    look_up: Wording
    setup: Wording
    setup_text: Wording
    privacy: Wording
    privacy_text: Wording


class AskTexts(Section):
    """The form on which a reason is given."""

    heading: Wording
    lead: Wording
    reason: Wording
    sentence: Wording
    hint: Wording
    kept: Wording
    submit: Wording
    secure: Wording
    secure_text: Wording
    fault: Wording
    choose: Wording
    write: Wording
    shorten: Wording
    stale: Wording
    again: Wording
    changed: Wording


class PlaceTexts(Section):
    """Where in a message or file something is."""

    message: Wording
    title: Wording
    filename: Wording
    file: Wording
    card: Wording
    table: Wording
    form: Wording
    link: Wording
    request: Wording
    opened: Wording
    whole: Wording
    list_item: Wording
    sheet: Wording
    row: Wording
    line: Wording
    page: Wording
    slide: Wording
    slide_notes: Wording
    heading: Wording
    body: Wording
    footer: Wording
    notes: Wording
    comments: Wording
    properties: Wording
    outline: Wording
    picture: Wording
    forms: Wording
    links: Wording
    hidden: Wording
    parts: Wording
    earlier: Wording


class ToastTexts(Section):
    """What is shown in DingTalk's own page."""

    region: Wording
    stopped: Wording
    asks: Wording
    found: Wording
    unknown: Wording
    details: Wording
    close: Wording
    notice: Wording
    sending: Wording
    failed: Wording


class SetupTexts(Section):
    """The page on which a certificate is installed."""

    title: Wording
    lead: Wording
    test: Wording
    test_text: Wording
    test_link: Wording
    ready: Wording
    install: Wording
    yours: Wording
    download: Wording
    profile: Wording
    fingerprint: Wording
    compare: Wording
    none: Wording
    windows: Wording
    windows_1: Wording
    windows_2: Wording
    windows_3: Wording
    windows_4: Wording
    macos: Wording
    macos_1: Wording
    macos_2: Wording
    macos_3: Wording
    ios: Wording
    ios_1: Wording
    ios_2: Wording
    ios_3: Wording
    android: Wording
    android_1: Wording
    android_2: Wording
    android_3: Wording
    android_4: Wording
    linux: Wording
    linux_1: Wording
    linux_2: Wording
    linux_3: Wording


class PrivacyTexts(Section):
    """The privacy notice, row by row."""

    title: Wording
    lead: Wording
    controller: Wording
    controller_text: Wording
    purpose: Wording
    purpose_text: Wording
    inspected: Wording
    inspected_text: Wording
    spared: Wording
    spared_text: Wording
    kept: Wording
    kept_text: Wording
    recipients: Wording
    recipients_text: Wording
    retention: Wording
    retention_text: Wording
    duty: Wording
    duty_text: Wording
    rights: Wording
    rights_text: Wording
    contact: Wording
    complaint: Wording
    complaint_text: Wording


class SimulationTexts(Section):
    """What a draft of the rules would change."""

    title: Wording
    lead: Wording
    nothing: Wording
    span: Wording
    blocked: Wording
    asked: Wording
    tagged: Wording
    softened: Wording
    freed: Wording
    observed: Wording
    senders: Wording
    ways: Wording
    before: Wording
    after: Wording
    requests: Wording
    allow: Wording
    tag: Wording
    justify: Wording
    block: Wording
    only_noted: Wording
    rules: Wording
    rule: Wording
    channels: Wording
    channel: Wording
    departments: Wording
    department: Wording
    others: Wording
    examples: Wording
    reference: Wording
    sample: Wording
    unasked: Wording
    unasked_lead: Wording
    limits: Wording


class DeskTexts(Section):
    """Everything the pages say."""

    page: PageTexts
    ask: AskTexts
    place: PlaceTexts
    toast: ToastTexts
    setup: SetupTexts
    privacy: PrivacyTexts
    simulation: SimulationTexts


TEXTS = texts(DeskTexts)
